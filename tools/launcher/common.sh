# shellcheck shell=bash
# What every script of ulvs shares: messages, exit codes, steps with their time. Sourced, never run.

readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_MISSING=3
readonly PROGRESS_SECONDS=20

say() { printf '%s\n' "$*"; }
warn() { printf 'ulvs: %s\n' "$*" >&2; }
die() { warn "$*"; exit "$EXIT_FAILED"; }
usage_error() { warn "$*"; exit "$EXIT_USAGE"; }
# One sentence about what this machine lacks.
missing() { warn "$*"; exit "$EXIT_MISSING"; }

need_root() {
    [ "$(id -u)" -eq 0 ] || missing "$1 needs root (network namespaces and packet sockets): run it with sudo."
}

# number COMMAND NAME VALUE LEAST MOST: refuses what is not a number of that range.
number() {
    if ! [[ $3 =~ ^[0-9]{1,6}$ ]] || [ $((10#$3)) -lt "$4" ] || [ $((10#$3)) -gt "$5" ]; then
        usage_error "$1: $2 must be a number from $4 to $5, not \"$3\""
    fi
}

# Milliseconds of the monotonic clock.
now_ms() {
    local up
    read -r up _ </proc/uptime
    up=${up/./}
    printf '%s' "$((10#$up * 10))"
}

seconds_since() {
    local ms=$(($(now_ms) - $1))
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# run_step TITLE LOG COMMAND…: runs it with its output in LOG, says what is happening and how long it took;
# shows the first errors and the end of LOG when it fails; returns its status.
run_step() {
    local title=$1 log=$2 began status=0 pid next
    shift 2
    mkdir -p "$(dirname "$log")"
    began=$(now_ms)
    say "== $title"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    next=$((began + PROGRESS_SECONDS * 1000))
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        if [ "$(now_ms)" -ge "$next" ]; then
            next=$((next + PROGRESS_SECONDS * 1000))
            say "   … $(seconds_since "$began"): $(last_line "$log")"
        fi
    done
    wait "$pid" || status=$?
    if [ "$status" -eq 0 ]; then
        say "   done in $(seconds_since "$began")"
    else
        say "   FAILED after $(seconds_since "$began") (exit $status); the first errors in $log:"
        grep -n -m 20 -e '^\[ERROR\] .' -e 'error:' "$log" | cut -c1-300 | sed 's/^/   ! /' || true
        say "   and its end:"
        tail -n 40 "$log" | sed 's/^/   | /'
    fi
    return "$status"
}

last_line() {
    # Of Maven's lines those that tell what it is doing.
    tail -c 40000 "$1" | tr '\r' '\n' | grep -v -e '^[[:space:]]*$' -e WARN -e '^\[INFO\] *[-]*$' | tail -n 1 | cut -c1-110 || true
}

# The start time of a process in clock ticks since boot, or nothing: with it a pid names one process for ever.
process_start_time() {
    local stat
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    stat=${stat##*) }
    # shellcheck disable=SC2086
    set -- $stat
    printf '%s' "${20}"
}
