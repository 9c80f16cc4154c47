#!/usr/bin/env bash
# How fast is why502, measured in turn with ripgrep on generated logs? Needs rg, zcat and taskset.
# usage: cmd/why502/bench.sh [MB]     the size of each log, 300 if not given; 3000 takes 17 GB of disk
# Per stage, with allocations: go test ./cmd/why502 -run '^$' -bench .
set -eu
for tool in go rg zcat taskset; do
  command -v "$tool" >/dev/null || { echo "bench.sh: no $tool here; install it (Debian: ripgrep, gzip, util-linux)" >&2; exit 2; }
done
cd "$(dirname "$0")"
exec go test -v -count=1 -timeout 2h -run '^TestBars$' . -args -bars "${1:-300}"
