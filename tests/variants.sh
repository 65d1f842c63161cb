#!/usr/bin/env bash
# Holds a variant of an interpreter against the suites: variants.sh CRATE:FEATURE[,FEATURE] [SCALE [SUITE ...]]
# CRATE is nogil or gil; SCALE is the amount of work in `race` (0.05), the suites are race and guarantees unless named.
# `variants.sh all` runs every variant that .ci/run checks, and names at the end those that failed. All are built in one target
# folder, where what no feature touches is built once; only the executables are kept apart.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:?CRATE:FEATURE or all}" = all ]; then
    shift
    failed=
    while read -r variant; do
        case $variant in ""|"#"*) continue ;; esac
        echo "== $variant"
        "$PWD/tests/variants.sh" "$variant" "$@" </dev/null || failed="$failed $variant"
    done <tests/variants.txt
    echo "failed:${failed:- none}"
    [ -z "$failed" ]
    exit
fi
crate=${1%%:*} features=${1#*:}
scale=${2:-0.05}
shift $(($# < 2 ? $# : 2))
if [ $# = 0 ]; then set -- race guarantees; fi
out=${CARGO_TARGET_DIR:-target}/variants
CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=$out cargo build --quiet -p "interp-$crate" --features "$features"
binary=$(realpath "$out")/interp-$crate-${features//,/-}
cp "$out/debug/interp-$crate" "$binary"
"$binary" --features
for suite in "$@"; do
    PARALLAX_PYTHON="$crate:$binary" PARALLAX_RACE_SCALE="$scale" \
        cargo test --quiet -p parallax-tests --test "$suite" -- "$crate" --nocapture
done
