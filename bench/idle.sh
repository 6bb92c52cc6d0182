#!/usr/bin/env bash
# idle.sh RUNDIR [--quick|--smoke]: what an idle dataplane costs, and what the first packet after a pause waits; writes RUNDIR/idle.json.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"

readonly PATHS=(ulvs reference)
declare -A NAMES=([ulvs]=ulvs [reference]='C reference') p50=() p99=()
lost=0

main() {
    local before after began elapsed share path
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
    # What is established here stays so to the end.
    bench_ipvsadm ulvs --set 0 0 3600
    # So many that the way of a packet is compiled, that of a new connection as well.
    trial ulvs --rate 9000 --frames "$(by_size 100 32768 32768)" --port 30000 --flows 32768 --cpu "$GENERATOR_CPU" >/dev/null
    trial ulvs --rate 40000 --frames "$(by_size 100 100000 100000)" --cpu "$GENERATOR_CPU" >/dev/null
    trial reference --rate 1000 --frames 100 --cpu "$GENERATOR_CPU" >/dev/null
    # What the traffic has made hot is still being compiled, which is not what an idle dataplane takes.
    sleep "$(by_size 1 10 10)"
    before=$(dataplane_ticks) began=$(now_ms)
    sleep "$(by_size 1 10 30)"
    after=$(dataplane_ticks) elapsed=$(($(now_ms) - began))
    share=$(calculate "100 * ($after - $before) / $(getconf CLK_TCK) / ($elapsed / 1000)")
    say "   the idle dataplane uses $share % of a core"
    setting idle 'backoff, the default; one worker; it stays on the last CPU, as does the C reference, which sleeps too'
    row 'CPU at zero traffic, all threads of ulvs' "$share" '% of a core'
    pauses 'that opens a connection' "$(by_size 2 8 40)" --port 2048
    pauses 'of an established connection' "$(by_size 2 30 250)"
    note "$lost frames lost; from the sender's clock to the server's interface, so the delay of the whole path, the wake-up of a sleeping CPU included."
    note 'Both stand side by side in networks of their own, and get a frame a second each, half a second apart. The reference knows no connections.'
    table 'Idle' what figure unit
    target 'CPU at zero traffic' '%' "$share" '<=' 2 'all threads of the process'
    target 'p99 of the delay after an idle second' µs "${p99[ulvs]}" '<=' 150 \
        "of an established connection, ${T[sent]} frames; p50 ${p50[ulvs]}, the C reference ${p50[reference]}" "${p99[reference]}"
    json_write idle "$RUNDIR/idle.json"
}

# pauses WHICH FRAMES ARGUMENT…: so many frames to each path, in turn; adds their rows; leaves the figures in p50 and p99.
pauses() {
    local which=$1 frames=$2 path sender
    local -a senders=()
    shift 2
    for path in "${PATHS[@]}"; do
        trial "$path" --rate 1 --frames "$frames" --cpu "$GENERATOR_CPU" "$@" >"$RUNDIR/idle-$path" &
        senders+=($!)
        sleep 0.5
    done
    for sender in "${senders[@]}"; do
        wait "$sender"
    done
    for path in "${PATHS[@]}"; do
        read_trial "$(<"$RUNDIR/idle-$path")"
        rm "$RUNDIR/idle-$path"
        p50[$path]=$(microseconds "${T[p50]}") p99[$path]=$(microseconds "${T[p99]}") lost=$((lost + T[lost]))
        say "   ${NAMES[$path]}: a frame $which after an idle second takes ${p50[$path]} µs, p99 ${p99[$path]} µs"
        row "${NAMES[$path]}, delay of a frame $which after an idle second, p50 of ${T[sent]}" "${p50[$path]}" µs
        row "${NAMES[$path]}, p99" "${p99[$path]}" µs
        row "${NAMES[$path]}, greatest" "$(microseconds "${T[max]}")" µs
    done
}

# Clock ticks that all threads of the dataplane have used.
dataplane_ticks() { sed 's/.*) //' "/proc/$ULVS_PID/stat" | awk '{ print $12 + $13 }'; }

main "$@"; exit
