#!/usr/bin/env bash
# How fast is why502, measured in turn with ripgrep on generated logs? Needs rg, zcat and taskset.
# usage: cmd/why502/bench.sh [MB]     the size of each log, 300 if not given
# Per stage, with allocations: go test ./cmd/why502 -run '^$' -bench .
set -eu
cd "$(dirname "$0")"
exec go test -v -count=1 -timeout 2h -run '^TestBars$' . -args -bars "${1:-300}"
