#!/usr/bin/env bash
# Holds a variant of an interpreter against the suites: variants.sh CRATE:FEATURE[,FEATURE] [SCALE [SUITE ...]]
# CRATE is nogil or gil; SCALE is the amount of work in `race` (0.05), the suites are race and guarantees unless named.
# `variants.sh all` runs every variant that .ci/run checks. A variant has a target folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:?CRATE:FEATURE or all}" = all ]; then
    shift
    while read -r variant; do
        case $variant in ""|"#"*) ;; *) echo "== $variant"; "$PWD/tests/variants.sh" "$variant" "$@" </dev/null ;; esac
    done <tests/variants.txt
    exit
fi
crate=${1%%:*} features=${1#*:}
scale=${2:-0.05}
shift $(($# < 2 ? $# : 2))
if [ $# = 0 ]; then set -- race guarantees; fi
out=${CARGO_TARGET_DIR:-target}/variants/$crate-${features//,/-}
CARGO_TARGET_DIR=$out cargo build --quiet -p "interp-$crate" --features "$features"
binary=$(realpath "$out/debug/interp-$crate")
"$binary" --features
for suite in "$@"; do
    PARALLAX_PYTHON="$crate:$binary" PARALLAX_RACE_SCALE="$scale" \
        cargo test --quiet -p parallax-tests --test "$suite" -- "$crate" --nocapture
done
