from .broken import x
y = 2
