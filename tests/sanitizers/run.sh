#!/usr/bin/env bash
# Runs the race programs on the free-threaded build under a sanitizer: run.sh thread|address [SCALE [PROGRAM ...]]
# FEATURES=alloc-system,objects-singly lets the address sanitizer see into objects; other variants are named the same way.
# The system's allocator stands in for mimalloc, which sanitizers cannot see into. A program that the sanitizer says
# something about fails; its report is left in target/sanitizers.
set -euo pipefail
cd "$(dirname "$0")/../.."
kind=${1:?thread or address}
scale=${2:-0.02}
shift $(($# < 2 ? $# : 2))
flags="-Zsanitizer=$kind -Cunsafe-allow-abi-mismatch=sanitizer -Copt-level=1"
if [ "$kind" = thread ]; then flags="$flags --cfg crossbeam_sanitize_thread --cfg crossbeam_sanitize"; fi
target=$(rustc -vV | sed -n 's/^host: //p')
out=${CARGO_TARGET_DIR:-target}/sanitizers
RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" CARGO_TARGET_DIR="$out/$kind" \
    cargo build --quiet -p interp-nogil --features "${FEATURES:-alloc-system}" --target "$target"
binary=$(realpath "$out/$kind/$target/debug/interp-nogil")
export TSAN_OPTIONS="exitcode=66 history_size=5 suppressions=$PWD/tests/sanitizers/thread.supp"
export ASAN_OPTIONS="exitcode=66 detect_leaks=0 detect_stack_use_after_return=0"
passed=0 failed=0
if [ $# = 0 ]; then set -- tests/race/*.py; fi
for program in "$@"; do
    name=$(basename "$program" .py)
    log=$(realpath "$out")/$kind-$name.txt
    if timeout 600 "$binary" "$program" "$scale" >"$log" 2>&1; then
        passed=$((passed + 1))
        rm "$log"
    else
        failed=$((failed + 1))
        echo "$name fails under the $kind sanitizer: $log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
