"""What `opcode` and `dis` ask of CPython's bytecode. This interpreter runs bytecode of its own, which `--dis` shows;
the answers here describe none of CPython's instructions."""


def stack_effect(opcode, oparg=None, /, *, jump=None):
    raise ValueError("this interpreter has no stack")


def _no(opcode):
    return False


is_valid = has_arg = has_const = has_name = has_jump = has_free = has_local = has_exc = _no


def get_executor(*, code, offset):
    return None


def get_intrinsic1_descs():
    return []


get_intrinsic2_descs = get_special_method_names = get_specialization_stats = get_intrinsic1_descs

_OPERATORS = "ADD + AND & FLOOR_DIVIDE // LSHIFT << MATRIX_MULTIPLY @ MULTIPLY * REMAINDER % OR | POWER ** RSHIFT >> " \
    "SUBTRACT - TRUE_DIVIDE / XOR ^"


def get_nb_ops():
    words = _OPERATORS.split()
    pairs = list(zip(words[::2], words[1::2]))
    plain = [("NB_" + name, sign) for name, sign in pairs]
    in_place = [("NB_INPLACE_" + name, sign + "=") for name, sign in pairs]
    return plain + in_place + [("NB_SUBSCR", "[]")]
