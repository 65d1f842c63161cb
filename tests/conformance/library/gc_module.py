# The module `gc` as a program sees it: collections, thresholds, freezing, callbacks, searches, debugging.
import gc, sys, io, weakref
print(sorted(n for n in dir(gc) if not n.startswith('_')))
print(gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), gc.isenabled())
print(gc.get_debug(), gc.callbacks, gc.garbage, type(gc.get_threshold()), len(gc.get_threshold()))
for bad in ((3,), (-1,), ('x',), (None,)):
    try: print(gc.collect(*bad))
    except Exception as e: print(type(e).__name__, e)
try: gc.collect(generation=5)
except Exception as e: print(type(e).__name__, e)
old = gc.get_threshold()
gc.set_threshold(700, 11, 12); print(gc.get_threshold()[:2])
gc.set_threshold(701); print(gc.get_threshold()[:2])
for bad in ((), ('a',), (1,2,3,4), (1, 'b')):
    try: gc.set_threshold(*bad)
    except Exception as e: print(type(e).__name__, e)
gc.set_threshold(0); print(gc.get_threshold()[0]); gc.set_threshold(*old)
c = gc.get_count(); print(type(c), len(c), all(type(x) is int for x in c))
st = gc.get_stats(); print(type(st), len(st), [sorted(r) for r in st])
class C: pass
before = gc.get_stats()[2]['collections']
gc.collect(); print(gc.get_stats()[2]['collections'] - before)
# collect's number
gc.collect()
for i in range(5):
    c = C(); c.me = c
del c
n = gc.collect(); print(n >= 5, gc.collect())
l=[]; l.append(l); del l
print(gc.collect())
# tracked
class S: __slots__=()
class S2: __slots__=('a',)
for o in (0, 'a', 1.5, None, True, b'', 10**50, [], [1], {'a':[]}, C(), S2(), set(), frozenset(), len, C, gc, lambda: 0, object(), iter([]), (i for i in ()), range(3), slice(1), bytearray(), Exception(), weakref.ref(C), property(), staticmethod(len), [].append, memoryview(b''), ...):
    print(type(o).__name__, gc.is_tracked(o), end='; ')
print()
try: gc.is_tracked()
except Exception as e: print(type(e).__name__, e)
# get_objects
class Marker: pass
m = Marker()
print(sum(type(o) is Marker for o in gc.get_objects()))
for bad in (3, 'x'):
    try: gc.get_objects(bad)
    except Exception as e: print(type(e).__name__, e)
try: print(type(gc.get_objects(generation=0)), type(gc.get_objects(None)))
except Exception as e: print(type(e).__name__, e)
# referrers
a = [m]; d = {'m': m}; 
rs = gc.get_referrers(m)
print(any(r is a for r in rs), any(r is d for r in rs), any(r is globals() for r in rs))
print(gc.get_referrers())
print(sorted(map(str, gc.get_referents([1,2], (3,)))))
print(gc.get_referents(1, 'a', None), gc.get_referents())
c = C(); c.x = [1]
print([1] in gc.get_referents(c) or {'x':[1]} in gc.get_referents(c))
print(gc.is_finalized(3), gc.is_finalized(c))
class F:
    def __del__(self): keep.append(self)
keep=[]
F(); print(len(keep), gc.is_finalized(keep[0]))
# freeze
print(gc.get_freeze_count() )
gc.freeze(); n = gc.get_freeze_count(); print(n > 100); gc.unfreeze(); print(gc.get_freeze_count())
c = C(); c.me=c; r=weakref.ref(c); gc.freeze(); del c; gc.collect(); print(r() is not None); gc.unfreeze(); gc.collect(); print(r() is None)
# callbacks
log=[]
def cb(phase, info): log.append((phase, sorted(info.items())))
gc.callbacks.append(cb)
c = C(); c.me=c; del c
gc.collect(); gc.collect(1); gc.collect(0)
gc.callbacks.remove(cb)
print([ (p, dict(i)['generation']) for p,i in log], [k for k,_ in log[0][1]], dict(log[1][1])['collected']>=1)
# debug
print(gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK)
gc.collect()
gc.set_debug(gc.DEBUG_SAVEALL); print(gc.get_debug())
c = C(); c.me = c; i=id(c); del c
n=gc.collect(); print(n>=1, any(id(o)==i for o in gc.garbage), [type(o).__name__ for o in gc.garbage if type(o) is C])
gc.set_debug(0); gc.garbage.clear(); 
print(gc.collect()>=1, gc.garbage)
try: gc.set_debug('x')
except Exception as e: print(type(e).__name__, e)
try: gc.set_debug()
except Exception as e: print(type(e).__name__, e)

# Debug lines go to sys.stderr.
class Text(io.StringIO):
    pass


text, old_err = Text(), sys.stderr
gc.collect()
gc.set_debug(gc.DEBUG_STATS | gc.DEBUG_COLLECTABLE)
sys.stderr = text
c = C(); c.me = c; i = id(c); del c
gc.collect()
sys.stderr = old_err
gc.set_debug(0)
lines = text.getvalue().splitlines()
print(lines[0], '|', lines[-1].split(',')[1], '|', any(l.startswith('gc: collectable <C 0x') for l in lines),
      any(l.startswith('gc: objects in each generation: ') for l in lines))
