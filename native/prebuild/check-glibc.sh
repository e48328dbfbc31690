#!/bin/sh
# Fails when a binary asks for a newer glibc than Node.js itself does (2.28 since Node 18), or for a newer libstdc++ than
# that of GCC 8, which comes with it. Argument: the binary.
set -eu
newest() { # the prefix of the versions
  readelf --wide --version-info "$file" | grep -o "Name: $1[0-9.]*" | sed "s/^Name: $1//" | sort -uV | tail -n 1
}
check() { # the prefix, the newest that is allowed
  found=$(newest "$1")
  [ -n "$found" ] || return 0
  if [ "$(printf '%s\n%s\n' "$found" "$2" | sort -V | tail -n 1)" != "$2" ]; then
    echo "$file asks for $1$found; no newer than $1$2 is allowed" >&2
    exit 1
  fi
  echo "$file asks for $1$found, allowed is $1$2"
}

file=$1
check GLIBC_ 2.28
check GLIBCXX_ 3.4.25
check CXXABI_ 1.3.11
