# Calls of methods: own, inherited, overridden, through super(), and a property.
class Account:
    def __init__(self, balance):
        self._balance = balance

    def deposit(self, amount):
        self._balance += amount

    def fee(self, amount):
        return 0

    def withdraw(self, amount):
        self._balance -= amount + self.fee(amount)

    @property
    def balance(self):
        return self._balance


class Business(Account):
    def fee(self, amount):
        return amount // 10


class Audited(Business):
    def __init__(self, balance):
        super().__init__(balance)
        self.entries = 0

    def deposit(self, amount):
        self.entries += 1
        super().deposit(amount)


def run(n):
    accounts = [Account(100), Business(100), Audited(100)]
    for i in range(n * 10):
        for account in accounts:
            account.deposit(i % 50)
            account.withdraw(i % 20)
    return sum(account.balance for account in accounts) + accounts[2].entries
