#!/bin/sh
# Everything that is checked for the whole tree: biome, shell scripts, workflows. What the machine lacks is skipped with its
# name; with OOMWATCHER_REQUIRE_ALL=1 that is a failure, but for actionlint, which no distribution packages.
set -eu
cd "$(dirname "$0")/.."
biome check .

if command -v shellcheck >/dev/null; then
  # SC3013: every shell that is /bin/sh somewhere knows -nt and -ef.
  git -c safe.directory='*' grep -lIE '^#!(/bin/sh|/bin/bash|/usr/bin/env bash)$' -- ':!*.md' ':!*.ts' ':!*.yml' |
    tr '\n' '\0' | xargs -0 shellcheck --external-sources --source-path=SCRIPTDIR --source-path=SCRIPTDIR/.. \
      --severity=warning --exclude=SC3013
elif [ "${OOMWATCHER_REQUIRE_ALL:-}" = 1 ]; then
  echo 'shellcheck is missing, the shell scripts cannot be checked' >&2
  exit 1
else
  echo 'skipped the check of the shell scripts: shellcheck is missing'
fi

if command -v actionlint >/dev/null; then
  actionlint
else
  echo 'skipped the check of the workflows: actionlint is missing (go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12)'
fi
