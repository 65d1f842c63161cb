# random with a seed gives CPython's stream.
import random
random.seed(42)
print(random.random(), random.randint(1, 100), random.choice("abc"), random.uniform(1, 2), random.randrange(0, 100, 5), random.getrandbits(70), random.sample(range(100), 5), random.gauss(0, 1))
x = list(range(10))
random.shuffle(x)
print(x, random.choices("ab", k=5), random.Random(7).random(), random.Random("text").random())
