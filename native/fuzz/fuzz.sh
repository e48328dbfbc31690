#!/bin/sh
# Fuzzes the splitter for FUZZ_SECONDS (60). What it finds on the way stays in build/fuzz; the seeds are in corpus.
set -eu
cd "$(dirname "$0")"

out=../build/fuzz
mkdir -p $out/corpus
if ! command -v clang++ >/dev/null ||
  ! clang++ -std=c++17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
    split_record_fuzzer.cc ../src/core/record.cc ../src/core/keep_filter.cc -o $out/split_record \
    2>$out/compile.log; then
  if [ "${OOMWATCHER_REQUIRE_ALL:-}" = 1 ]; then
    echo "native: the fuzzer does not compile: clang++ or its libFuzzer runtime is missing" >&2
    cat $out/compile.log >&2
    exit 1
  fi
  echo "native: skipped fuzzing: clang++ or its libFuzzer runtime is missing"
  exit 0
fi
exec $out/split_record -max_total_time="${FUZZ_SECONDS:-60}" -max_len=8192 -print_final_stats=1 \
  -artifact_prefix=$out/ $out/corpus corpus
