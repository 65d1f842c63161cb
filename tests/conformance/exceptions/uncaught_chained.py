# status: 1
# Both kinds of chaining in one traceback.
class ConfigError(Exception):
    pass


def load(d, key):
    try:
        return d[key]
    except KeyError as e:
        raise ConfigError(f"no {key}") from e


def start():
    try:
        load({}, "port")
    except ConfigError:
        value = 1 / 0
        return value


start()
