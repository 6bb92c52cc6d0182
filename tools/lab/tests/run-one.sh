#!/usr/bin/env bash
# run-one.sh FILE TEST…: runs tests of one file, each in a subshell with `set -e`, and always takes the lab down.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../../.." && pwd)}
# shellcheck source=tools/lab/all.sh
source "$ULVS_ROOT/tools/lab/all.sh"
# shellcheck source=tools/lab/checks.sh
source "$ULVS_ROOT/tools/lab/checks.sh"
# shellcheck source=tools/lab/capture.sh
source "$ULVS_ROOT/tools/lab/capture.sh"

file=$1
shift
# shellcheck disable=SC1090
source "$file"
use_java
said=$(mktemp)

# What the directors' programs said last.
ends_of_logs() {
    local log
    for log in "$RUN"/log/{director,backup}*.log; do
        [ ! -s "$log" ] || tail -n 8 "$log" | sed "s|^|$(basename "$log" .log): |"
    done
}

trap 'remove_lab; rm -f "$said"' EXIT
trap 'exit 143' TERM INT
status=0
for name in "$@"; do
    # Not in a condition: there `set -e` would be off within.
    set +e
    (set -e; "$name") </dev/null >"$said" 2>&1
    result=$?
    set -e
    if [ "$result" -eq 0 ]; then
        say "ok $name"
    else
        say "not ok $name"
        sed 's/^/| /' "$said"
        ends_of_logs
        status=1
    fi
done
exit "$status"
