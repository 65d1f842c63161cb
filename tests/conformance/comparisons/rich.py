# Rich comparison methods: reflection, NotImplemented, subclass priority.
class A:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        print("A.lt", end=" ")
        return self.n < other.n if isinstance(other, A) else NotImplemented

    def __eq__(self, other):
        print("A.eq", end=" ")
        return self.n == other.n if isinstance(other, A) else NotImplemented


class B(A):
    def __gt__(self, other):
        print("B.gt", end=" ")
        return True


print(A(1) < A(2))
print(A(1) > A(2))
print(A(1) < B(2))
print(A(1) == B(1))
print(A(1) != A(2))
print(A(1) == 5)
print(A(1) != 5)
try:
    A(1) < 5
except TypeError as e:
    print(e)
try:
    A(1) <= A(2)
except TypeError as e:
    print(e)
print(min([A(3), A(1)]).n)
print(A(1) in [A(0), A(1)])
try:
    hash(A(1))
except TypeError as e:
    print(e)


class Odd:
    def __eq__(self, other):
        return "equal?"


print(Odd() == 1, 1 == Odd(), Odd() != 1, [Odd()] == [1])
