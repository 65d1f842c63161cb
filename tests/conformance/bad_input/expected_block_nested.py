# status: 1
class C:
    def f(self):
        for i in range(3):
    def g(self):
        pass
