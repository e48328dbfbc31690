#!/bin/sh
# The program in the kernel is what its source compiles to; the C++ is formatted as the root's .clang-format says.
set -eu
cd "$(dirname "$0")"

node bpf/compile.ts --check

if ! command -v clang-format >/dev/null; then
  if [ "${OOMWATCHER_REQUIRE_ALL:-}" = 1 ]; then
    echo "native: clang-format is missing, the C++ cannot be checked" >&2
    exit 1
  fi
  echo "native: skipped the check of the C++ format: clang-format is missing"
  exit 0
fi
clang-format --dry-run -Werror src/*/*.cc src/*/*.h prebuild/*.h test/*.cc test/*.h fuzz/*.cc bpf/*.c

