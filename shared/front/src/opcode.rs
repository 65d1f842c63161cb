//! The one opcode table: name, operand kinds, cache words and meaning of every instruction. The enum, the
//! disassembler, the liveness pass and the checker of the tests are all made from it.
//!
//! # Instruction format
//! Eight bytes: `op, a, b, c`, sixteen bits each; `b` and `c` together may carry one 32-bit operand. An instruction is
//! followed by as many 8-byte cache words as its row says. Where the row does not say what the compiler puts there, they are
//! zero when compiled and belong to the VM.
//!
//! # Registers
//! A frame owns a window of `nregs` registers. Registers `0..nlocals` are named locals (parameters first); the rest are
//! temporaries, allocated like a stack. Two rules make the machine cheap:
//! * **Consumption.** An `R` operand that is a temporary is *moved out* by the instruction that reads it; a local is
//!   only borrowed. A `P` operand is peeked: never consumed.
//! * **Clean temporaries.** A dead temporary holds no pointer. Whoever consumes a pointer leaves a non-pointer behind.
//!   So unwinding, suspension and promotion may scan a window without knowing where it stopped.
//!
//! # Calls
//! A call window at temporary `w` is: callable at `w`, [`FRAME_WORDS`] words kept for the callee's frame header, then
//! the arguments. The callee's register 0 is the first argument's word: nothing is copied. `LoadMethod` fills the callable
//! and puts `self` at the first argument place (arguments proper start one later), or leaves that place empty when
//! the attribute was not a method.
//!
//! # Jumps
//! Offsets are signed, counted in 8-byte units from the jumping instruction itself. `If…` jumps poll when taken (so they
//! may close loops); `Unless…` jumps only go forward.

/// Words between the callable and the first argument in a call window.
pub const FRAME_WORDS: u16 = 3;

/// What an operand field of an instruction means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Not used.
    No,
    /// Destination register: written.
    D,
    /// Register read; consumed when it is a temporary.
    R,
    /// Register peeked: read and kept.
    P,
    /// First of a group of temporaries whose use the opcode's text describes.
    W,
    /// Index into the constants.
    K,
    /// Index into the names.
    N,
    /// Signed 16-bit integer.
    I,
    /// Unsigned number: a count, flags or an index that the opcode's text describes.
    U,
    /// Jump offset.
    J,
    /// 32-bit constant index in `b` and `c`.
    K32,
    /// 32-bit name index in `b` and `c`.
    N32,
    /// 32-bit signed integer in `b` and `c`.
    I32,
    /// 32-bit jump offset in `b` and `c`.
    J32,
}

macro_rules! table {
    ($($name:ident $a:ident $b:ident $c:ident $cache:literal $doc:literal)*) => {
        /// Every instruction of the machine.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Op { $(#[doc = $doc] $name),* }

        /// All opcodes in the order of their numbers.
        pub const ALL: &[Op] = &[$(Op::$name),*];

        impl Op {
            /// The row of this opcode.
            pub const fn info(self) -> Info {
                match self { $(Op::$name => Info {
                    name: stringify!($name), a: Kind::$a, b: Kind::$b, c: Kind::$c, cache: $cache, doc: $doc,
                }),* }
            }
        }
    };
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// Mnemonic.
    pub name: &'static str,
    /// Meaning of field `a`.
    pub a: Kind,
    /// Meaning of field `b`.
    pub b: Kind,
    /// Meaning of field `c`.
    pub c: Kind,
    /// Cache words that follow.
    pub cache: u8,
    /// One line of semantics.
    pub doc: &'static str,
}

impl Op {
    /// The opcode of that number, if there is one.
    pub fn from_u16(n: u16) -> Option<Op> {
        ALL.get(n as usize).copied()
    }
}

table! {
    // Moves, constants, locals.
    Nop No No No 0 "does nothing"
    Move D R No 0 "copies a local (unbound: UnboundLocalError) or moves a temporary"
    LoadK D K32 No 0 "loads a constant"
    LoadInt D I32 No 0 "loads a small integer"
    DelLocal D No No 0 "unbinds a local; unbound: UnboundLocalError"
    Clear D No No 0 "drops what the register holds and leaves it unbound; never raises"
    CheckBound P No No 0 "raises UnboundLocalError when the local is unbound"

    // Cells and closures.
    MakeCell D No No 0 "wraps what the local holds (or nothing) in a new cell"
    LoadCell D P No 0 "reads the cell in local b; empty: UnboundLocalError or NameError"
    StoreCell P R No 0 "stores b into the cell in local a"
    DelCell P No No 0 "empties the cell in local a"
    CopyCell D P No 0 "copies the cell object itself from local b"
    LoadFree D U No 0 "reads closure cell number b"
    StoreFree U R No 0 "stores b into closure cell number a"
    DelFree U No No 0 "empties closure cell number a"
    CopyFree D U No 0 "copies closure cell number b itself"
    LoadClassFree D U N 0 "name c in the class namespace, else closure cell number b"

    // Names.
    LoadGlobal D N32 No 2 "global, then builtin"
    StoreGlobal R N32 No 1 "stores a as a global"
    DelGlobal No N32 No 0 "deletes a global"
    LoadName D N32 No 2 "namespace of the frame, then global, then builtin"
    StoreName R N32 No 1 "stores a into the namespace of the frame"
    DelName No N32 No 0 "deletes from the namespace of the frame"
    LoadLocals D No No 0 "the namespace of the frame (class body, module)"

    // Attributes and items.
    LoadAttr D R N 2 "b.name"
    StoreAttr R R N 2 "a.name = b"
    DelAttr R No N 0 "del a.name"
    LoadMethod W R N 2 "call window a: callable and self of b.name"
    LoadSuperAttr D W N 0 "super(b1, b2).name; temporaries at b: super, class, self"
    LoadSuperMethod W W N 0 "as LoadSuperAttr into call window a; temporaries at b: super, class, self"
    GetItem D R R 1 "b[c]"
    GetItemI D R I 0 "b[integer c]"
    SetItem R R R 1 "a[b] = c"
    DelItem R R No 0 "del a[b]"
    BuildSlice D W No 0 "slice of the temporaries at b: start, stop, step"
    GetSlice D R W 0 "b[start:stop]; temporaries at c: start, stop"

    // Arithmetic: registers; register and constant; constant and register; register and small integer.
    AddRR D R R 0 "b + c"
    SubRR D R R 0 "b - c"
    MulRR D R R 0 "b * c"
    TrueDivRR D R R 0 "b / c"
    FloorDivRR D R R 0 "b // c"
    ModRR D R R 0 "b % c"
    PowRR D R R 0 "b ** c"
    LShiftRR D R R 0 "b << c"
    RShiftRR D R R 0 "b >> c"
    AndRR D R R 0 "b & c"
    OrRR D R R 0 "b | c"
    XorRR D R R 0 "b ^ c"
    MatMulRR D R R 0 "b @ c"
    AddRK D R K 0 "b + constant c"
    SubRK D R K 0 "b - constant c"
    MulRK D R K 0 "b * constant c"
    TrueDivRK D R K 0 "b / constant c"
    FloorDivRK D R K 0 "b // constant c"
    ModRK D R K 0 "b % constant c"
    PowRK D R K 0 "b ** constant c"
    LShiftRK D R K 0 "b << constant c"
    RShiftRK D R K 0 "b >> constant c"
    AndRK D R K 0 "b & constant c"
    OrRK D R K 0 "b | constant c"
    XorRK D R K 0 "b ^ constant c"
    AddKR D K R 0 "constant b + c"
    SubKR D K R 0 "constant b - c"
    MulKR D K R 0 "constant b * c"
    TrueDivKR D K R 0 "constant b / c"
    AddRI D R I 0 "b + integer c"
    SubRI D R I 0 "b - integer c"
    IAddRR D R R 0 "b += c, result in a"
    ISubRR D R R 0 "b -= c"
    IMulRR D R R 0 "b *= c"
    ITrueDivRR D R R 0 "b /= c"
    IFloorDivRR D R R 0 "b //= c"
    IModRR D R R 0 "b %= c"
    IPowRR D R R 0 "b **= c"
    ILShiftRR D R R 0 "b <<= c"
    IRShiftRR D R R 0 "b >>= c"
    IAndRR D R R 0 "b &= c"
    IOrRR D R R 0 "b |= c"
    IXorRR D R R 0 "b ^= c"
    IMatMulRR D R R 0 "b @= c"
    IAddRI D R I 0 "b += integer c"
    ISubRI D R I 0 "b -= integer c"
    Neg D R No 0 "-b"
    Pos D R No 0 "+b"
    Invert D R No 0 "~b"
    Not D R No 0 "not b"

    // Comparisons that leave a value.
    LtRR D R R 0 "b < c"
    LeRR D R R 0 "b <= c"
    EqRR D R R 0 "b == c"
    NeRR D R R 0 "b != c"
    GtRR D R R 0 "b > c"
    GeRR D R R 0 "b >= c"
    LtRK D R K 0 "b < constant c"
    LeRK D R K 0 "b <= constant c"
    EqRK D R K 0 "b == constant c"
    NeRK D R K 0 "b != constant c"
    GtRK D R K 0 "b > constant c"
    GeRK D R K 0 "b >= constant c"
    Is D R R 0 "b is c"
    IsNot D R R 0 "b is not c"
    In D R R 0 "b in c"
    NotIn D R R 0 "b not in c"

    // Comparisons that jump. If: when true, polls. Unless: when false, forward.
    IfLtRR R R J 0 "jump if a < b"
    IfLeRR R R J 0 "jump if a <= b"
    IfEqRR R R J 0 "jump if a == b"
    IfNeRR R R J 0 "jump if a != b"
    IfGtRR R R J 0 "jump if a > b"
    IfGeRR R R J 0 "jump if a >= b"
    UnlessLtRR R R J 0 "jump unless a < b"
    UnlessLeRR R R J 0 "jump unless a <= b"
    UnlessEqRR R R J 0 "jump unless a == b"
    UnlessNeRR R R J 0 "jump unless a != b"
    UnlessGtRR R R J 0 "jump unless a > b"
    UnlessGeRR R R J 0 "jump unless a >= b"
    IfLtRI R I J 0 "jump if a < integer b"
    IfLeRI R I J 0 "jump if a <= integer b"
    IfEqRI R I J 0 "jump if a == integer b"
    IfNeRI R I J 0 "jump if a != integer b"
    IfGtRI R I J 0 "jump if a > integer b"
    IfGeRI R I J 0 "jump if a >= integer b"
    UnlessLtRI R I J 0 "jump unless a < integer b"
    UnlessLeRI R I J 0 "jump unless a <= integer b"
    UnlessEqRI R I J 0 "jump unless a == integer b"
    UnlessNeRI R I J 0 "jump unless a != integer b"
    UnlessGtRI R I J 0 "jump unless a > integer b"
    UnlessGeRI R I J 0 "jump unless a >= integer b"
    IfEqRK R K J 0 "jump if a == constant b"
    IfNeRK R K J 0 "jump if a != constant b"
    UnlessEqRK R K J 0 "jump unless a == constant b"
    UnlessNeRK R K J 0 "jump unless a != constant b"
    IfIs R R J 0 "jump if a is b"
    UnlessIs R R J 0 "jump unless a is b"
    IfIn R R J 0 "jump if a in b"
    UnlessIn R R J 0 "jump unless a in b"
    IfNone R J32 No 0 "jump if a is None"
    UnlessNone R J32 No 0 "jump unless a is None"
    IfTrue R J32 No 0 "jump if a is true"
    UnlessTrue R J32 No 0 "jump unless a is true"
    TrueOrPop P J32 No 0 "true: keep temporary a and jump; else drop it"
    FalseOrPop P J32 No 0 "false: keep temporary a and jump; else drop it"
    Jump No J32 No 0 "jump forward"
    Loop No J32 No 0 "jump back; polls"

    // Iteration. The state is three temporaries at a; its meaning belongs to the VM.
    GetIter W R No 0 "iteration state at a for iterable b"
    ForLoop W D J 0 "next item of state a into b and jump back (polls); exhausted: drop the state, go on"
    UnpackSeq W R U 0 "exactly c items of b into temporaries a, a+1, …"
    Unpack2 D R D 0 "exactly two items of b into a and c"
    UnpackEx W R U 0 "items of b into temporaries from a: low byte of c before the starred list, high byte after it"

    // Building.
    BuildTuple D W U 0 "tuple of c temporaries at b"
    BuildTuple2 D R R 0 "tuple of b and c"
    BuildList D W U 0 "list of c temporaries at b"
    BuildSet D W U 0 "set of c temporaries at b"
    BuildMap D W U 0 "dict of c pairs of temporaries at b"
    BuildString D W U 0 "joins c strings at b"
    FormatValue D R U 0 "format(b, ''); c: 0 none, 1 str, 2 repr, 3 ascii first"
    FormatSpec D W U 0 "format(value, spec) of the temporaries at b; c as in FormatValue"
    ListAppend P R No 0 "appends b to list a"
    ListExtend P R No 0 "extends list a by iterable b"
    ListToTuple D R No 0 "tuple of the items of list b"
    SetAdd P R No 0 "adds b to set a"
    SetUpdate P R No 0 "adds the items of b to set a"
    MapAdd P W No 0 "a[key] = value of the temporaries at b"
    DictUpdate P R No 0 "updates dict a by mapping b"
    DictMerge P R P 0 "updates keyword dict a by mapping b; a key twice or no mapping: TypeError naming callable c"

    // Functions, calls, classes.
    MakeFunction D W U 1 "function of the code constant in the cache word; temporaries at b by the bits of c: 1 defaults tuple, 2 keyword defaults dict, 4 annotate function, 8 closure tuple"
    LoadBuildClass D No No 0 "the function that builds classes"
    Call D W U 1 "calls window b with c positional arguments"
    CallKw D W U 2 "as Call; second cache word: constant index of the tuple of names of the last arguments"
    CallMethod D W U 1 "calls the window that LoadMethod filled, c arguments beside self"
    CallMethodKw D W U 2 "as CallMethod with keyword names"
    CallEx D W U 0 "calls window b: tuple at the first argument place, dict behind it when c is 1"
    Return R No No 0 "returns a"
    ReturnK No K32 No 0 "returns a constant"

    // Generators.
    ReturnGenerator No No No 1 "first instruction of a generator: makes the generator object of this frame and returns it; cache word: how many registers it saves"
    Yield D R U 1 "yields b; the value sent arrives in a; c: 0, or 1 + the register of the iterator that yield from delegates to; cache word: how many registers it saves"
    GetYieldFromIter D R No 0 "iterator of b for yield from"
    Send D P J 0 "sends a into iterator b: what it yields arrives in a; when it ends its value arrives in a and the jump is taken"

    // Exceptions. A handler finds the exception in the temporary that its table entry names.
    PushExc D P No 0 "saves the exception being handled in a; b becomes the one being handled"
    PopExc R No No 0 "makes a the exception being handled again"
    UnlessExcMatch P R J 0 "jump unless exception a matches type or tuple b"
    Raise R No No 0 "raise a"
    RaiseFrom R R No 0 "raise a from b"
    RaiseAgain No No No 0 "bare raise"
    Reraise R No No 0 "raises a again, context and traceback untouched"
    LoadAssertionError D No No 0 "the AssertionError class"
    WithEnter W R D 0 "enters b: __exit__ and its receiver (or no pointer) at temporaries a, result of __enter__ in c"
    WithExit W No No 0 "calls the __exit__ at a, with the receiver behind it if there is one, with three None and drops them and the result"
    WithExcept D P P 0 "calls __exit__ b, with the receiver behind it if there is one, with exception c: result in a"

    // Imports.
    ImportName D W N 0 "imports module c; temporaries at b: level, fromlist"
    ImportFrom D P N 0 "attribute or submodule c of module b"
    ImportStar R No No 0 "binds the public names of module a in the namespace of the frame"

    // Pattern matching.
    MatchSequence D P No 0 "is b a sequence for match"
    MatchMapping D P No 0 "is b a mapping for match"
    MatchKeys D P R 0 "tuple of the values of b under the keys in tuple c, or None"
    MatchClass D P W 1 "tuple of attributes of b for a class pattern, or None; temporaries at c: class, tuple of keyword names; cache word: positional count"
    MatchRest D P R 0 "dict copy of mapping b without the keys in tuple c"
    GetLen D P No 0 "len(b)"

    PrintExpr R No No 0 "displays a at the prompt"

    // Specialised forms: written by the VM over the forms above, never compiled.
    LoadGlobalCached D N32 No 2 "global at a known place"
    LoadAttrSlot D R N 2 "attribute in an inline slot of a known shape"
    LoadAttrClass D R N 2 "attribute of the class of an instance of a known shape, nothing to bind"
    LoadAttrModule D R N 2 "attribute of a module at a known place"
    StoreAttrSlot R R N 2 "attribute into an inline slot of a known shape"
    StoreAttrNew R R N 2 "new attribute: slot and next shape are known"
    LoadMethodCached W R N 2 "function of a class of a known shape"
    LoadMethodModule W R N 2 "attribute of a module at a known place, no self"
    CallPy D W U 1 "plain Python function, arguments fit"
    CallNative D W U 1 "built-in function"
    CallMethodPy D W U 1 "plain Python function with self"
    CallMethodNative D W U 1 "built-in method with self"
    CallClass D W U 1 "class whose __init__ is a plain Python function"
    ForRange W D J 0 "state of a range: next integer"
    ForList W D J 0 "state of a list"
    ForTuple W D J 0 "state of a tuple"
    ForGenerator W D J 0 "state of a generator: resumes it in this loop"
    GetItemList D R R 1 "list and integer"
    GetItemTuple D R R 1 "tuple and integer"
    GetItemDict D R R 1 "dict with any key"
    SetItemList R R R 1 "list and integer"
    SetItemDict R R R 1 "dict with any key"

    // Appended later; the compiler does write these.
    Copy D P No 0 "copies what the register holds, a temporary too, and keeps it"
    StarTuple D R P 0 "tuple for the one starred argument b of a call of c: a tuple is taken as it is; not iterable: TypeError naming c"
    LoadCommon D U No 0 "a type that code needs whatever names mean: 0 string.templatelib.Template, 1 Interpolation, 2 typing.TypeVar, 3 ParamSpec, 4 TypeVarTuple, 5 Generic, 6 what makes a typing.TypeAliasType of its name, the tuple of its type parameters and a function of one argument, the format, that computes its value when asked for"
    IterDict W W J 0 "iteration state at a and a jump if call window b holds keys, values or items of a plain dict; else goes on"

    // More specialised forms.
    LoadAttrProperty D R N 2 "property of an instance of a known shape: runs its getter in this loop"
    LoadAttrDescriptor D R N 2 "descriptor of an instance of a known shape: runs its __get__ in this loop"
    LoadAttrOnClass D R N 2 "attribute of a known class, nothing to bind"
    StoreAttrProperty R R N 2 "property of an instance of a known shape: runs its setter in this loop"
    LoadMethodPlain W R N 2 "attribute of the class of an instance of a known shape, no self"
    LoadMethodSlot W R N 2 "attribute in an inline slot of a known shape, no self"
    LoadMethodOfClass W R N 2 "function of a class of a known shape; self is the class of b"
    LoadMethodOnClass W R N 2 "function of a known class (or of its metaclass); self is the class"
    LoadMethodOnClassPlain W R N 2 "attribute of a known class, no self"
}
