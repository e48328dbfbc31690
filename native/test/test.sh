#!/bin/sh
# The C++ unit tests: plain, under ASan+UBSan, under TSan. What the machine lacks is skipped with its name.
set -eu
cd "$(dirname "$0")"

for tool in "${CXX:-g++}" make setarch; do
  command -v "$tool" >/dev/null && continue
  if [ "${OOMWATCHER_REQUIRE_ALL:-}" = 1 ]; then
    echo "native: $tool is missing, the C++ tests cannot run" >&2
    exit 1
  fi
  mkdir -p ../test-results
  echo "skipped: the C++ tests (skipped: $tool is missing)" | tee ../test-results/cpp.txt
  exit 0
done

make -s -j"$(getconf _NPROCESSORS_ONLN)" all
mkdir -p ../test-results
status=0
make -s check >../test-results/cpp.txt 2>&1 || status=$?
cat ../test-results/cpp.txt
exit "$status"
