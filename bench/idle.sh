#!/usr/bin/env bash
# idle.sh RUNDIR [--quick|--smoke]: what an idle dataplane costs, and what the first packet after a pause waits; writes RUNDIR/idle.json.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"

main() {
    local before after began elapsed share lost=0
    local -a second
    bench_arguments idle "$@"
    bench_prepare
    trap 'network_remove idle' EXIT
    trap 'exit 143' TERM INT
    network_make idle "$NOBODY_MAC"
    ulvs_start idle
    ulvs_service idle
    trial idle --rate 1000 --frames "$(by_size 100 5000 5000)" --cpu "$GENERATOR_CPU" >/dev/null
    sleep 1
    before=$(dataplane_ticks) began=$(now_ms)
    sleep "$(by_size 1 10 30)"
    after=$(dataplane_ticks) elapsed=$(($(now_ms) - began))
    share=$(calculate "100 * ($after - $before) / $(getconf CLK_TCK) / ($elapsed / 1000)")
    say "   the idle dataplane uses $share % of a core"
    # one frame a second, so that each comes after an idle second; and enough of them for a p99, after a fifth of one:
    # the worker sleeps after some microseconds, and at most 5 ms at a time
    pause 1 "$(by_size 2 20 50)"
    second=("${T[p50]}" "${T[p99]}" "${T[max]}" "${T[sent]}")
    pause 5 "$(by_size 4 200 250)"
    setting idle 'backoff, the default; one worker, not pinned'
    row 'CPU at zero traffic, all threads' "$share" '% of a core'
    delay_rows 'an idle second' "${second[@]}"
    delay_rows '200 idle ms' "${T[p50]}" "${T[p99]}" "${T[max]}" "${T[sent]}"
    note "$lost frames lost; from the sender's clock to the server's interface, so the delay of the whole path, the wake-up of a sleeping CPU included."
    table 'Idle' what figure unit
    target 'CPU at zero traffic' '%' "$share" '<=' 2 'all threads of the process'
    target 'p99 of the delay after a pause' µs "$(microseconds "${T[p99]}")" '<=' 150 \
        "${T[sent]} frames 200 ms apart; of ${second[3]} a second apart: $(microseconds "${second[1]}") µs"
    json_write idle "$RUNDIR/idle.json"
}

# pause RATE FRAMES: so many frames a second; the figures are in T afterwards.
pause() {
    read_trial "$(trial idle --rate "$1" --frames "$2" --cpu "$GENERATOR_CPU")"
    lost=$((lost + T[lost]))
    say "   a frame after $(calculate "1000 / $1") ms takes $(microseconds "${T[p50]}") µs, p99 $(microseconds "${T[p99]}") µs"
}

# delay_rows PAUSE P50 P99 MOST FRAMES
delay_rows() {
    row "delay of a frame after $1, p50 of $5" "$(microseconds "$2")" µs
    row "delay of a frame after $1, p99 of $5" "$(microseconds "$3")" µs
    row "delay of a frame after $1, greatest of $5" "$(microseconds "$4")" µs
}

# Clock ticks that all threads of the dataplane have used.
dataplane_ticks() { sed 's/.*) //' "/proc/$ULVS_PID/stat" | awk '{ print $12 + $13 }'; }

main "$@"; exit
