#!/usr/bin/env bash
# idle.sh RUNDIR [--quick|--smoke]: what an idle dataplane costs, and what the first packet after a pause waits; writes RUNDIR/idle.json.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"

readonly PATHS=(ulvs reference)
declare -A NAMES=([ulvs]=ulvs [reference]='C reference') p50=() p99=()

main() {
    local before after began elapsed share path lost=0
    bench_arguments idle "$@"
    bench_prepare
    trap 'network_remove ulvs; network_remove reference' EXIT
    trap 'exit 143' TERM INT
    for path in "${PATHS[@]}"; do
        network_make "$path" "$NOBODY_MAC"
    done
    ulvs_start ulvs
    ulvs_service ulvs
    reference_start reference slots last
    sleep 0.5
    # so many that the way of a packet is compiled
    trial ulvs --rate 9000 --frames "$(by_size 100 50000 50000)" --cpu "$GENERATOR_CPU" >/dev/null
    trial reference --rate 1000 --frames 100 --cpu "$GENERATOR_CPU" >/dev/null
    sleep 1
    before=$(dataplane_ticks) began=$(now_ms)
    sleep "$(by_size 1 10 30)"
    after=$(dataplane_ticks) elapsed=$(($(now_ms) - began))
    share=$(calculate "100 * ($after - $before) / $(getconf CLK_TCK) / ($elapsed / 1000)")
    say "   the idle dataplane uses $share % of a core"
    pauses "$(by_size 2 45 290)"
    setting idle 'backoff, the default; one worker; it stays on the last CPU, as does the C reference, which sleeps too'
    row 'CPU at zero traffic, all threads of ulvs' "$share" '% of a core'
    for path in "${PATHS[@]}"; do
        read_trial "$(<"$RUNDIR/idle-$path")"
        rm "$RUNDIR/idle-$path"
        p50[$path]=$(microseconds "${T[p50]}") p99[$path]=$(microseconds "${T[p99]}") lost=$((lost + T[lost]))
        say "   ${NAMES[$path]}: a frame after an idle second takes ${p50[$path]} µs, p99 ${p99[$path]} µs"
        row "${NAMES[$path]}, delay of a frame after an idle second, p50 of ${T[sent]}" "${p50[$path]}" µs
        row "${NAMES[$path]}, p99" "${p99[$path]}" µs
        row "${NAMES[$path]}, greatest" "$(microseconds "${T[max]}")" µs
    done
    note "$lost frames lost; from the sender's clock to the server's interface, so the delay of the whole path, the wake-up of a sleeping CPU included."
    note 'Both stand side by side in networks of their own, and get a frame a second each, half a second apart.'
    table 'Idle' what figure unit
    target 'CPU at zero traffic' '%' "$share" '<=' 2 'all threads of the process'
    target 'p99 of the delay after an idle second' µs "${p99[ulvs]}" '<=' 150 \
        "of ${T[sent]} frames; p50 ${p50[ulvs]}, the C reference ${p50[reference]}" "${p99[reference]}"
    json_write idle "$RUNDIR/idle.json"
}

# pauses FRAMES: so many to each path, in turn; the figures are in RUNDIR/idle-PATH afterwards.
pauses() {
    local path sender
    local -a senders=()
    for path in "${PATHS[@]}"; do
        trial "$path" --rate 1 --frames "$1" --cpu "$GENERATOR_CPU" >"$RUNDIR/idle-$path" &
        senders+=($!)
        sleep 0.5
    done
    for sender in "${senders[@]}"; do
        wait "$sender"
    done
}

# Clock ticks that all threads of the dataplane have used.
dataplane_ticks() { sed 's/.*) //' "/proc/$ULVS_PID/stat" | awk '{ print $12 + $13 }'; }

main "$@"; exit
