//! Shapes of the direct instances of built-in types: fixed numbers, so that a test for a built-in type compares the
//! header with a constant. The same in every interpreter.

macro_rules! ids {
    ($($name:ident $variant:ident)*) => {
        /// The built-in types that the VM itself names, in the order of their shapes.
        #[allow(missing_docs)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        pub enum Builtin { Null, $($variant),* }
        $(#[allow(missing_docs)] pub const $name: u32 = Builtin::$variant as u32;)*
        /// Number of fixed shapes, the unused zero included.
        pub const COUNT: u32 = [$($name),*].len() as u32 + 1;
    };
}

ids! {
    OBJECT Object TYPE Type NONE NoneType NOT_IMPLEMENTED NotImplementedType ELLIPSIS Ellipsis BOOL Bool INT Int
    FLOAT Float COMPLEX Complex STR Str BYTES Bytes BYTEARRAY ByteArray MEMORYVIEW MemoryView TUPLE Tuple LIST List DICT Dict SET Set
    FROZENSET FrozenSet RANGE Range SLICE Slice CELL Cell FUNCTION Function NATIVE Native METHOD_DESCRIPTOR MethodDescriptor
    WRAPPER_DESCRIPTOR WrapperDescriptor METHOD_WRAPPER MethodWrapper CLASSMETHOD_DESCRIPTOR ClassMethodDescriptor
    METHOD Method CODE Code MODULE Module PROPERTY Property STATICMETHOD StaticMethod CLASSMETHOD ClassMethod
    MEMBER Member GETSET GetSet SUPER Super GENERATOR Generator COROUTINE Coroutine ASYNC_GENERATOR AsyncGenerator FRAME Frame TRACEBACK Traceback
    EXCEPTION BaseException
    LIST_ITER ListIterator LIST_REVERSE_ITER ListReverseIterator TUPLE_ITER TupleIterator STR_ITER StrIterator BYTES_ITER BytesIterator
    BYTEARRAY_ITER ByteArrayIterator RANGE_ITER RangeIterator SET_ITER SetIterator DICT_KEY_ITER DictKeyIterator
    DICT_VALUE_ITER DictValueIterator DICT_ITEM_ITER DictItemIterator DICT_REVERSE_KEY_ITER DictReverseKeyIterator
    DICT_REVERSE_VALUE_ITER DictReverseValueIterator DICT_REVERSE_ITEM_ITER DictReverseItemIterator
    DICT_KEYS DictKeys DICT_VALUES DictValues DICT_ITEMS DictItems
    SEQ_ITER SequenceIterator CALLABLE_ITER CallableIterator ENUMERATE Enumerate ZIP Zip MAP Map FILTER Filter REVERSED Reversed
    WEAKREF WeakRef PROXY WeakProxy CALLABLE_PROXY CallableProxy MAPPING_PROXY MappingProxy SIMPLE_NAMESPACE SimpleNamespace
    LOCK Lock RLOCK RLock THREAD_HANDLE ThreadHandle THREAD_LOCAL ThreadLocal
    DEQUE Deque DEQUE_ITER DequeIterator DEQUE_REVERSE_ITER DequeReverseIterator DEFAULT_DICT DefaultDict
    PARTIAL Partial LRU_CACHE LruCache KEY_WRAPPER KeyWrapper ITEM_GETTER ItemGetter ATTR_GETTER AttrGetter METHOD_CALLER MethodCaller
    COUNT_ITER Count CYCLE Cycle REPEAT Repeat CHAIN Chain ISLICE ISlice STARMAP StarMap TAKEWHILE TakeWhile DROPWHILE DropWhile
    ACCUMULATE Accumulate PRODUCT Product PERMUTATIONS Permutations COMBINATIONS Combinations COMBINATIONS_R CombinationsReplacement
    GROUPBY GroupBy GROUPER Grouper TEE Tee TEE_DATA TeeData ZIP_LONGEST ZipLongest PAIRWISE Pairwise BATCHED Batched COMPRESS Compress FILTERFALSE FilterFalse
    STRUCT_SEQ_BASE StructSequence GENERIC_ALIAS GenericAlias UNION Union FILE_IO FileIO BYTES_IO BytesIO STRING_IO StringIO
    BUFFERED_READER BufferedReader BUFFERED_WRITER BufferedWriter BUFFERED_RANDOM BufferedRandom TEXT_IO TextIOWrapper INCREMENTAL_NEWLINE IncrementalNewlineDecoder
    SRE_PATTERN SrePattern SRE_MATCH SreMatch SRE_SCANNER SreScanner RANDOM Random STRUCT Struct STRUCT_ITER StructIterator
    HASH Hash SOCKET Socket SIMPLE_QUEUE SimpleQueue SCANDIR_ITER ScandirIterator DIR_ENTRY DirEntry
    CONTEXT ContextVarsContext CONTEXT_VAR ContextVar CONTEXT_TOKEN ContextToken TEMPLATE Template INTERPOLATION Interpolation
    ARRAY Array ARRAY_ITER ArrayIterator BUILTIN_ITER BuiltinIterator TYPE_VAR TypeVar PARAM_SPEC ParamSpec TYPE_VAR_TUPLE TypeVarTuple
    TYPE_ALIAS TypeAlias GENERIC Generic NO_DEFAULT NoDefault TUPLE_GETTER TupleGetter ORDERED_DICT OrderedDict SPARE0 Spare0 SPARE1 Spare1 SPARE2 Spare2 SPARE3 Spare3
    BASE_EXCEPTION_GROUP BaseExceptionGroup GENERATOR_EXIT GeneratorExit KEYBOARD_INTERRUPT KeyboardInterrupt
    SYSTEM_EXIT SystemExit EXCEPTION_ Exception ARITHMETIC_ERROR ArithmeticError
    FLOATING_POINT_ERROR FloatingPointError OVERFLOW_ERROR OverflowError ZERO_DIVISION_ERROR ZeroDivisionError
    ASSERTION_ERROR AssertionError ATTRIBUTE_ERROR AttributeError BUFFER_ERROR BufferError EOF_ERROR EOFError
    EXCEPTION_GROUP ExceptionGroup IMPORT_ERROR ImportError MODULE_NOT_FOUND_ERROR ModuleNotFoundError
    LOOKUP_ERROR LookupError INDEX_ERROR IndexError KEY_ERROR KeyError MEMORY_ERROR MemoryError NAME_ERROR NameError
    UNBOUND_LOCAL_ERROR UnboundLocalError OS_ERROR OSError BLOCKING_IO_ERROR BlockingIOError
    CHILD_PROCESS_ERROR ChildProcessError CONNECTION_ERROR ConnectionError BROKEN_PIPE_ERROR BrokenPipeError
    CONNECTION_ABORTED_ERROR ConnectionAbortedError CONNECTION_REFUSED_ERROR ConnectionRefusedError
    CONNECTION_RESET_ERROR ConnectionResetError FILE_EXISTS_ERROR FileExistsError
    FILE_NOT_FOUND_ERROR FileNotFoundError INTERRUPTED_ERROR InterruptedError IS_A_DIRECTORY_ERROR IsADirectoryError
    NOT_A_DIRECTORY_ERROR NotADirectoryError PERMISSION_ERROR PermissionError PROCESS_LOOKUP_ERROR ProcessLookupError
    TIMEOUT_ERROR TimeoutError REFERENCE_ERROR ReferenceError RUNTIME_ERROR RuntimeError
    NOT_IMPLEMENTED_ERROR NotImplementedError PYTHON_FINALIZATION_ERROR PythonFinalizationError
    RECURSION_ERROR RecursionError STOP_ASYNC_ITERATION StopAsyncIteration STOP_ITERATION StopIteration
    SYNTAX_ERROR SyntaxError INDENTATION_ERROR IndentationError TAB_ERROR TabError
    INCOMPLETE_INPUT_ERROR IncompleteInputError SYSTEM_ERROR SystemError TYPE_ERROR TypeError VALUE_ERROR ValueError
    UNICODE_ERROR UnicodeError UNICODE_DECODE_ERROR UnicodeDecodeError UNICODE_ENCODE_ERROR UnicodeEncodeError
    UNICODE_TRANSLATE_ERROR UnicodeTranslateError WARNING Warning BYTES_WARNING BytesWarning
    DEPRECATION_WARNING DeprecationWarning ENCODING_WARNING EncodingWarning FUTURE_WARNING FutureWarning
    IMPORT_WARNING ImportWarning PENDING_DEPRECATION_WARNING PendingDeprecationWarning RESOURCE_WARNING ResourceWarning
    RUNTIME_WARNING RuntimeWarning SYNTAX_WARNING SyntaxWarning UNICODE_WARNING UnicodeWarning USER_WARNING UserWarning
}
