"""The tokenizer under `tokenize`. The front end of this interpreter does not hand out its tokens."""


class TokenizerIter:
    def __init__(self, readline, *, encoding=None, extra_tokens=False):
        raise NotImplementedError("this interpreter does not hand out the tokens of a source")
