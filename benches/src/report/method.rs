//! How the figures came about, in the words of the report.

/// One paragraph an entry; code stands between backticks.
pub(crate) const METHOD: [&str; 4] = [
    "A round runs every program once on every build, in fresh processes with one hash seed and in random order; the cells of \
     one program stay together in time. A process warms up, then takes its samples; their median is the process's value. \
     Thread start-up is outside: a barrier starts the threads, and the time runs to the last finish. The total work is the same \
     for every number of threads. A program whose checksum differs from that of the build with the lock yields no number.",
    "A row is the median over rounds of the paired ratio, with a 95 % bootstrap interval. Suite figures are geometric means over \
     programs, with intervals from resampling rounds (this suite) and from resampling rounds and programs (programs like these). \
     A row counts as slower or faster only if a paired test on the logarithms of the ratios, Holm-corrected over the rows of its \
     section, says so and the interval leaves out 1.",
    "Lone: no second thread was ever started. Attached: a second thread wakes each millisecond and touches an object that it \
     shares with the program. Busy: the build without the lock beside a second thread that computes on its own data, against the \
     build with the lock alone. Ceiling: a native dispatch loop on so many threads, measured beside each threaded \
     program; programs that share nothing are held against it round by round. Cores used: CPU seconds per wall second.",
    "Each process gets an environment of random size, which shifts its first stack. Where the run has several link orders, the \
     functions of both interpreters were shuffled by the linker and the rounds take turns over the orders, so that the intervals \
     hold what the place of code does. A/A: the build with the lock twice in every round, through the same machinery.",
];

/// What the section on latency measures, and how.
pub(crate) const LATENCY: [&str; 2] = [
    "Collection: the time of one `gc.collect()` on a heap of so many container objects while other threads run; stall: the longest \
     that one of those stood still in it, by its own look at the clock (nothing below 20 µs is told apart). Wake-up: how much later \
     than asked a thread returns from a sleep of 1 ms while others compute. Hand-over: of two computing threads, the time from the \
     last sign of the one to the first of the other, which had stood for more than half a switch interval; without a lock nothing \
     is handed over, and nothing counted.",
    "Fresh processes, the builds one after the other on each question, in random order. The samples of all processes of a build are \
     put together: each takes equally many or runs equally long, so none weighs more; below p50 stands the range of the \
     processes' own medians, where there are several. Quantiles are samples (nearest rank): with fewer than 100 of them p99 is the \
     maximum. Shares are the smallest and the largest of any process.",
];
