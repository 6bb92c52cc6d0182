#!/usr/bin/env bash
# idle.sh RUNDIR [--quick|--smoke]: what an idle dataplane costs, and what the first packet after a pause waits; writes RUNDIR/idle.json.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"

main() {
    local before after began elapsed share p99 frames lost
    bench_arguments idle "$@"
    bench_prepare
    trap 'network_remove idle; network_remove reference' EXIT
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
    # one frame a second, so that each comes after an idle second
    pause idle "$(by_size 2 30 200)"
    setting idle 'backoff, the default; one worker, not pinned'
    row 'CPU at zero traffic, all threads' "$share" '% of a core'
    delay_rows 'delay of a frame after an idle second'
    p99=$(microseconds "${T[p99]}") frames=${T[sent]} lost=${T[lost]}
    ulvs_stop TERM
    network_make reference "$NOBODY_MAC"
    reference_start reference slots "$FORWARDER_CPU"
    sleep 0.5
    trial reference --rate 1000 --frames 100 --cpu "$GENERATOR_CPU" >/dev/null
    pause reference "$(by_size 2 15 100)"
    delay_rows 'the same through the C reference, which sleeps too'
    note "$((lost + T[lost])) frames lost; from the sender's clock to the server's interface, so the delay of the whole path, the wake-up of a sleeping CPU included."
    table 'Idle' what figure unit
    target 'CPU at zero traffic' '%' "$share" '<=' 2 'all threads of the process'
    target 'p99 of the delay after an idle second' µs "$p99" '<=' 150 \
        "of $frames frames; the C reference $(microseconds "${T[p99]}")"
    json_write idle "$RUNDIR/idle.json"
}

# pause PATH FRAMES: so many frames; the figures are in T afterwards.
pause() {
    read_trial "$(trial "$1" --rate 1 --frames "$2" --cpu "$GENERATOR_CPU")"
    say "   $1: a frame after an idle second takes $(microseconds "${T[p50]}") µs, p99 $(microseconds "${T[p99]}") µs"
}

# delay_rows WHAT: of the figures in T.
delay_rows() {
    row "$1, p50 of ${T[sent]}" "$(microseconds "${T[p50]}")" µs
    row "$1, p99 of ${T[sent]}" "$(microseconds "${T[p99]}")" µs
    row "$1, greatest of ${T[sent]}" "$(microseconds "${T[max]}")" µs
}

# Clock ticks that all threads of the dataplane have used.
dataplane_ticks() { sed 's/.*) //' "/proc/$ULVS_PID/stat" | awk '{ print $12 + $13 }'; }

main "$@"; exit
