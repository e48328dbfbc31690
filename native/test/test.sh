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
  echo "native: skipped the C++ tests: $tool is missing"
  exit 0
done

make -s -j"$(getconf _NPROCESSORS_ONLN)" all
make -s check
