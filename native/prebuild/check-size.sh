#!/bin/sh
# Fails when a binary is larger than what the BPF program and the search (80 KiB) and the flight recorder (40 KiB) may add to
# the reader of the log, which had 123 KiB without them. Argument: the binary.
set -eu
most=248648
size=$(wc -c <"$1")
if [ "$size" -gt $most ]; then
  echo "$1 has $size bytes; no more than $most are allowed: see with nm --size-sort what grew" >&2
  exit 1
fi
echo "$1 has $size bytes, allowed are $most"
