#!/usr/bin/env bash
# Plants faults, one at a time, and says which net catches each: run.sh [--control] [NN ...]
#
# A fault is a patch in this folder, applied to a copy of the sources in target/planted/src. Lines before the patch name
# the nets to try, until one catches it:
#   Net: loom MODEL                    a model of interp-nogil/loom
#   Net: unit PACKAGE TEST             a unit test
#   Net: program BUILD FILE [ARG ...]  a Python program on a build: gil, nogil or checking
#   Net: thread FILE [ARG ...]         a program on interp-nogil under ThreadSanitizer; also: address
# A program catches a fault when it fails, crashes or hangs in one of five runs. --control runs the nets on sources without
# a fault: nothing may be caught then. Ends with status 1 when a fault went uncaught (or a control was caught).
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
base=${CARGO_TARGET_DIR:-$PWD/target}/planted
copy=$base/src
control=no
if [ "${1:-}" = --control ]; then control=yes && shift; fi

mkdir -p "$copy"
find "$copy" -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +
git ls-files -z --cached --others --exclude-standard | xargs -0 ls -d 2>/dev/null | tar c -T - | tar x -C "$copy"
git -C "$copy" init --quiet
# What an earlier run left changed must be built anew.
sed -n 's,^+++ b/,,p' "$root"/tests/planted/*.patch | sort -u | (cd "$copy" && xargs touch)
cd "$copy"

host=$(rustc -vV | sed -n 's/^host: //p')
export TSAN_OPTIONS="exitcode=66 history_size=5 suppressions=$root/tests/sanitizers/thread.supp"
export ASAN_OPTIONS="exitcode=66 detect_leaks=0 detect_stack_use_after_return=0"

# Runs a program until it fails; succeeds if it never does.
runs() {
    local binary=$1 file=$2
    shift 2
    for _ in 1 2 3 4 5; do
        timeout 60 "$binary" "tests/$file" "$@" </dev/null >"$base/out.txt" 2>&1 || return 1
        # A program says ok; a report of the checking model does not always end the program.
        [ "$(tail -n 1 "$base/out.txt")" = ok ] || return 1
    done
}

# Succeeds when the net catches nothing. A fault that does not compile is an error of the patch.
net() {
    local kind=$1
    shift
    case $kind in
    loom)
        RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR="$base/loom" LOOM_MAX_PREEMPTIONS=3 \
            cargo test --quiet --release -p interp-nogil-loom --no-run 2>"$base/build.txt" || exit 2
        RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR="$base/loom" LOOM_MAX_PREEMPTIONS=3 \
            timeout 300 cargo test --quiet --release -p interp-nogil-loom "$1" >"$base/out.txt" 2>&1
        ;;
    unit)
        CARGO_TARGET_DIR="$base/debug" cargo test --quiet -p "$1" --lib --no-run 2>"$base/build.txt" || exit 2
        CARGO_TARGET_DIR="$base/debug" timeout 60 cargo test --quiet -p "$1" --lib "$2" >"$base/out.txt" 2>&1
        ;;
    program)
        local crate=interp-$1
        shift
        CARGO_TARGET_DIR="$base/debug" cargo build --quiet -p "$crate" 2>"$base/build.txt" || exit 2
        runs "$base/debug/debug/$crate" "$@"
        ;;
    thread | address)
        local flags="-Zsanitizer=$kind -Cunsafe-allow-abi-mismatch=sanitizer -Copt-level=1"
        if [ "$kind" = thread ]; then flags="$flags --cfg crossbeam_sanitize_thread --cfg crossbeam_sanitize"; fi
        RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" CARGO_TARGET_DIR="$base/$kind" \
            cargo build --quiet -p interp-nogil --features alloc-system --target "$host" 2>"$base/build.txt" || exit 2
        runs "$base/$kind/$host/debug/interp-nogil" "$@"
        ;;
    *)
        echo "unknown net $kind" >"$base/build.txt"
        exit 2
        ;;
    esac
}

if [ $# = 0 ]; then
    set -- "$root"/tests/planted/*.patch
else
    set -- $(for number; do ls "$root/tests/planted/$number"-*.patch; done)
fi
uncaught=0
for patch; do
    name=$(basename "$patch" .patch)
    [ $control = yes ] || git apply "$patch"
    caught=
    while read -r line; do
        status=0
        (net $line) || status=$?
        if [ $status = 2 ]; then
            cat "$base/build.txt"
            caught="not built"
            uncaught=$((uncaught + 1))
            break
        elif [ $status != 0 ]; then
            caught="caught by $line"
            cp "$base/out.txt" "$base/$name.txt"
            break
        fi
    done < <(sed -n 's/^Net: //p' "$patch")
    if [ $control = yes ]; then
        [ -z "$caught" ] || uncaught=$((uncaught + 1))
        echo "$name: ${caught:-quiet, as it must be}"
    else
        git apply -R "$patch"
        [ -n "$caught" ] || uncaught=$((uncaught + 1))
        echo "$name: ${caught:-NOT CAUGHT}"
    fi
done
[ $uncaught = 0 ]
