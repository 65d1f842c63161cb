"""A tokenizer, a recursive-descent parser and an evaluator with variables."""


class Parser:
    def __init__(self, text):
        self.tokens = self.tokenize(text)
        self.token = next(self.tokens)

    @staticmethod
    def tokenize(text):
        i = 0
        while i < len(text):
            if text[i].isspace():
                i += 1
            elif text[i].isdigit() or text[i].isalpha():
                start = i
                while i < len(text) and (text[i].isalnum() or text[i] == "."):
                    i += 1
                yield text[start:i]
            else:
                yield text[i]
                i += 1
        yield None

    def take(self):
        token, self.token = self.token, next(self.tokens, None)
        return token

    def expression(self, level=0):
        if level == 2:
            return self.power()
        left = self.expression(level + 1)
        while self.token in (("+", "-"), ("*", "/"))[level]:
            left = (self.take(), left, self.expression(level + 1))
        return left

    def power(self):
        base = self.atom()
        if self.token == "^":
            self.take()
            return ("^", base, self.power())
        return base

    def atom(self):
        token = self.take()
        if token == "(":
            inner = self.expression()
            if self.take() != ")":
                raise SyntaxError("missing )")
            return inner
        if token == "-":
            return ("neg", self.atom())
        if token is None or not token[0].isalnum():
            raise SyntaxError(f"unexpected {token!r}")
        return token


def evaluate(tree, names):
    match tree:
        case str(t) if t[0].isdigit():
            return float(t) if "." in t else int(t)
        case str(name):
            return names[name]
        case ("neg", x):
            return -evaluate(x, names)
        case (op, a, b):
            f = {"+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": lambda x, y: x / y, "^": lambda x, y: x ** y}[op]
            return f(evaluate(a, names), evaluate(b, names))


for text in ("1 + 2 * 3", "(1+2)*3", "2^3^2", "-x^2 + y", "10/4 - 1", "((", "1 +", "z", "2 $ 3", "1/0", "1.5*4"):
    try:
        parser = Parser(text)
        tree = parser.expression()
        if parser.token is not None:
            raise SyntaxError(f"unexpected {parser.token!r}")
        print(f"{text:12} = {evaluate(tree, {'x': 3, 'y': 100})}")
    except (SyntaxError, KeyError, ZeroDivisionError) as e:
        print(f"{text:12} ! {type(e).__name__} {e}")
