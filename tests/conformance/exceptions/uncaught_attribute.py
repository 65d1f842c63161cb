# status: 1
# Caret ranges for attributes, calls and operators; the suggestion.
class Config:
    timeout = 5


config = Config()
print(config.timeout + 1)
total = (1 + 2) * config.timeot
