"""Transfers between accounts from many threads: with one lock an account, taken in order, money is neither made nor lost."""
import threading


class Account:
    def __init__(self, number, balance):
        self.number = number
        self.balance = balance
        self.lock = threading.Lock()


def transfer(a, b, amount):
    first, second = sorted((a, b), key=lambda account: account.number)
    with first.lock, second.lock:
        if a.balance < amount:
            return False
        a.balance -= amount
        b.balance += amount
        return True


def clerk(accounts, seed, done):
    n = seed
    moved = 0
    for _ in range(3000):
        n = (n * 1103515245 + 12345) % 2 ** 31
        a, b = accounts[n % 10], accounts[n // 10 % 10]
        if a is not b and transfer(a, b, n % 50):
            moved += 1
    done[seed] = moved


if __name__ == "__main__":
    accounts = [Account(i, 1000) for i in range(10)]
    done = {}
    clerks = [threading.Thread(target=clerk, args=(accounts, i, done)) for i in range(1, 9)]
    for c in clerks:
        c.start()
    for c in clerks:
        c.join()
    print("total", sum(a.balance for a in accounts), "of", 10 * 1000)
    print("every clerk worked:", all(done[i] > 0 for i in range(1, 9)), "no debts:", all(a.balance >= 0 for a in accounts))
