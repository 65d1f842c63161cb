# A local variable keeps an object that its own thread has dropped from everywhere else, over a stop of the world that the
# thread asks for itself. Nothing else makes it count its registers in between: no weak reference, little garbage.
import gc
import threading

from support import hammer, rounds

n = rounds(60)


class Box:
    pass


def holder():
    box = Box()
    shared.append(box)
    for i in range(n):
        box.item = [i, (i, -i)]
        held = box.item
        box.item = None
        gc.collect()
        spare = [[i] for i in range(50)]
        assert type(held) is list and held == [i, (i, -i)], held
        assert len(spare) == 50


shared = []
# Started and joined first: from then on the list is shared, and what is put into it.
first = threading.Thread(target=holder)
first.start()
first.join()
holder()
hammer(*[holder] * 4)
print("ok")
