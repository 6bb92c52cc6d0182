#!/usr/bin/env bash
# veth.sh RUNDIR [--quick]: small datagrams from one interface to another, through ulvs, through a reference forwarder
# over the same rings, and through nftables; writes RUNDIR/veth.json.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"

# Paths: refb and refs are the reference over blocks and over slots.
readonly PATHS='ulvs refb refs nft' FAST_PATHS='ulvs refb nft'
declare -A NAMES=([direct]='direct, nothing between' [ulvs]='ulvs NAT' [refb]='C reference, blocks' [refs]='C reference, slots'
    [nft]='nftables DNAT')
# A rate is borne when fewer than so many of a million frames are lost and half of them take no longer than this: a
# queue that grows while there is room for it is no rate.
readonly LOST_PER_MILLION=1000 LATE_NS=5000000
# The generator must be so much faster than every forwarder, and its own rounds so close to each other.
readonly HEADROOM=1.2 NOISE=0.25

# Where delays are kept meanwhile: in memory, since writing to a disk would disturb.
readonly DELAYS=/run/$BENCH-veth-delays

declare -A rates=() points=() reordered=() repeats=() lost=() percentiles=() curves=() loaded=()
calibrations=()

# shellcheck disable=SC2317  # the trap calls it
clean() {
    local path
    for path in direct $PATHS; do
        network_remove "$path"
    done
    rm -rf "$DELAYS"
}

# measure PATH ARGUMENT…: one trial; the figures are in T afterwards.
measure() {
    local path=$1 line
    shift
    line=$(trial "$path" --cpu "$GENERATOR_CPU" "$@")
    read_trial "$line"
    reordered[$path]=$((${reordered[$path]:-0} + T[reordered]))
}

# The generator alone: into the first interface, to nobody.
direct() {
    local line
    line=$("$BENCH_TOOLS/trial" --from "$(bench_ns direct client):eth0" --to "$(bench_ns direct director):eth0" \
        --napi "$(bench_ns direct director):eth0" --mac "$NOBODY_MAC" --source "$BENCH_CLIENT" \
        --target "$BENCH_VIP:$BENCH_PORT" --cpu "$GENERATOR_CPU" "$@")
    read_trial "$line"
}

calibrate() {
    direct --frames 1500000 --rate 0
    [ "${T[lost]}" -eq 0 ] || T[rate]=$(calculate "${T[received]} * 1e9 / ${T[elapsed]}")
    calibrations+=("${T[rate]}")
}

# offer PATH RATE SECONDS: whether the path bears the rate; keeps a point of the plot.
offer() {
    local path=$1 rate=$2 seconds=$3
    measure "$path" --rate "$rate" --frames "$(calculate "int(($rate == 0 ? 1800000 : $rate) * $seconds)")"
    points[$path]+=" ${T[rate]},$(calculate "100 * (${T[lost]} > 0 ? ${T[lost]} : 0) / ${T[sent]}")"
    [ $((T[lost] * 1000000)) -lt $((T[sent] * LOST_PER_MILLION)) ] && [ "${T[p50]}" -lt "$LATE_NS" ]
}

# search PATH SECONDS STEPS: adds the highest rate that the path bears to rates[PATH]. A loss is checked once more,
# since the machine may have stolen the time.
search() {
    local path=$1 seconds=$2 steps=$3 best=0 low high rate step
    if offer "$path" 0 "$seconds"; then
        rates[$path]+=" ${T[rate]}"
        return
    fi
    high=${T[rate]}
    rate=$(calculate "int(0.97 * ${T[received]} * 1e9 / ${T[elapsed]})")
    low=$((rate * 6 / 10))
    for ((step = 0; step < steps; step++)); do
        if offer "$path" "$rate" "$seconds" || offer "$path" "$rate" "$seconds"; then
            low=$rate
            [ "$best" -ge "${T[rate]}" ] || best=${T[rate]}
        else
            high=$rate
        fi
        rate=$(((low + high) / 2))
    done
    rates[$path]+=" $best"
}

# delays NAME PATH ARGUMENT…: one trial, whose delays are kept for read_percentiles; trials of one NAME are its rounds.
delays() {
    local name=$1 path=$2
    shift 2
    repeats[$name]=$((${repeats[$name]:-0} + 1))
    set -- --log "$DELAYS/$name.${repeats[$name]}.delays" "$@"
    if [ "$path" = direct ]; then
        direct "$@"
    else
        measure "$path" "$@"
    fi
    lost[$name]=$((${lost[$name]:-0} + T[lost]))
}

# Percentiles of all trials, by HdrHistogram, in microseconds: percentiles[NAME], and the distribution in curves[NAME].
read_percentiles() {
    local name p50 p90 p99 p999 most points
    while read -r name p50 p90 p99 p999 most points; do
        percentiles[$name]="$p50 $p90 $p99 $p999 $most" curves[$name]=$points
    done < <(report_program DelaysMain "$DELAYS")
    mv "$DELAYS/delays.hlog" "$RUNDIR/veth.hlog"
}

# percentile NAME COLUMN: the median of the rounds.
percentile() {
    local -a values
    read -ra values <<<"${percentiles[$1]}"
    printf '%s' "${values[$2 - 1]}"
}

delay_row() {
    # shellcheck disable=SC2086
    row "$2" "$3" ${percentiles[$1]} "${lost[$1]}"
}

delay_series() {
    # shellcheck disable=SC2086
    series "$2" ${curves[$1]}
}

# fresh RATE SECONDS: starts the dataplane anew under traffic; sets FRESH_LOST to what was lost after the first frame.
fresh() {
    local rate=$1 seconds=$2 file=$RUNDIR/fresh.txt sender
    ulvs_stop KILL
    trial ulvs --cpu "$GENERATOR_CPU" --rate "$rate" --frames "$((rate * seconds))" >"$file" &
    sender=$!
    ulvs_launch ulvs --cpus "$FORWARDER_CPU"
    wait "$sender"
    read_trial "$(<"$file")"
    rm -f "$file"
    FRESH_LOST=$((T[sent] - T[first] - T[received])) FRESH_SENT=$((T[sent] - T[first]))
    reordered[ulvs]=$((${reordered[ulvs]:-0} + T[reordered]))
}

start_all() {
    local path
    for path in direct $PATHS; do
        network_make "$path" "$NOBODY_MAC"
    done
    reference_start refb blocks "$FORWARDER_CPU"
    reference_start refs slots "$FORWARDER_CPU"
    nftables_start nft
    ulvs_start ulvs --cpus "$FORWARDER_CPU"
    ulvs_service ulvs
    # neighbours
    sleep 0.5
}

run_rates() {
    local round rounds path
    rounds=$(quick_or 2 5)
    for ((round = 1; round <= rounds; round++)); do
        calibrate
        for path in $FAST_PATHS; do
            search "$path" "$(quick_or 0.5 1)" "$(quick_or 5 7)"
            say "   round $round: ${NAMES[$path]}: ${rates[$path]##* } packets/s"
        done
    done
    calibrate
}

run_delays() {
    local round path sink share frames rate
    frames=$(quick_or 1000 3000)
    for ((round = 1; round <= $(quick_or 3 5); round++)); do
        for path in direct nft refs refb ulvs; do
            for sink in application kernel; do
                delays "$path-$sink" "$path" --rate 1000 --frames "$frames" --sink "$sink"
            done
        done
        say "   round $round of delays at 1,000 packets/s"
    done
    for ((round = 1; round <= $(quick_or 1 3); round++)); do
        for share in 50 90; do
            for path in $FAST_PATHS; do
                # shellcheck disable=SC2086
                rate=$(calculate "int($(median ${rates[$path]}) * $share / 100)")
                loaded[$path-$share]=$rate
                delays "$path-$share" "$path" --rate "$rate" --frames "$(calculate "int($rate * $(quick_or 0.5 1))")"
            done
        done
    done
}

# Back and forth between slots and blocks.
run_swing() {
    local began
    began=$(switches)
    measure ulvs --rate 20000 --swing 300000 --frames "$(quick_or 480000 1600000)"
    SWING_LOST=${T[lost]} SWING_REORDERED=${T[reordered]} SWING_SENT=${T[sent]}
    SWITCHES=$(($(switches) - began))
    say "   $SWITCHES switches of the ring under load: $SWING_LOST lost, $SWING_REORDERED out of order"
}

switches() {
    ULVS_DIR=$(bench_dir ulvs) "$ULVS_ROOT/ulvs" stat --json 2>/dev/null | grep -o '"rings of eth0 switched[^}]*' \
        | grep -o '[0-9]*$' | head -n 1
}

run_fresh() {
    local rate
    for rate in $(quick_or '100000' '100000 400000'); do
        fresh "$rate" "$(quick_or 5 8)"
        say "   fresh start under $rate packets/s: $FRESH_LOST of $FRESH_SENT lost after the first"
        fresh_rows+=("$rate $FRESH_SENT $FRESH_LOST")
    done
}
fresh_rows=()

report() {
    local path entry ulvs refb nft generator spread refusal='' what
    setting frame '64 bytes with FCS: UDP with a payload of 18 bytes, no checksum; 1,024 connections'
    setting generator "XDP live frames on CPU $GENERATOR_CPU from 10,000 packets/s on, else a packet socket; the receive half of the director's first interface (NAPI, GRO on) runs there too, which is all of nftables' work"
    setting forwarders "reference and the worker of ulvs pinned to CPU $FORWARDER_CPU (--cpus), else the default configuration"
    setting sink 'the kernel, in the tap of a packet socket; for delays also an application that sleeps in recv'
    # shellcheck disable=SC2086
    ulvs=$(median ${rates[ulvs]}) refb=$(median ${rates[refb]}) nft=$(median ${rates[nft]})
    generator=$(median "${calibrations[@]}")
    spread=$(calculate "($(greatest "${calibrations[@]}") - $(least "${calibrations[@]}")) / $generator")
    for path in $FAST_PATHS; do
        # shellcheck disable=SC2086
        row "${NAMES[$path]}" "$(median ${rates[$path]})" "$(least ${rates[$path]})" "$(greatest ${rates[$path]})" \
            "$(calculate "$(median ${rates[$path]}) / $refb")" "$(calculate "$(median ${rates[$path]}) / $nft")"
    done
    row 'generator alone' "$generator" "$(least "${calibrations[@]}")" "$(greatest "${calibrations[@]}")" \
        "$(calculate "$generator / $refb")" "$(calculate "$generator / $nft")"
    note 'Highest rate with less than 0.1 % loss and half of all frames within 5 ms; medians of interleaved rounds.'
    table 'Rate' path packets/s least greatest '÷ C reference' '÷ nftables'

    for path in direct nft refs refb ulvs; do
        delay_row "$path-application" "${NAMES[$path]}" '1,000/s, to an application'
        delay_series "$path-application" "${NAMES[$path]}"
    done
    plot 'Delay at 1,000 packets/s, to an application' 'one of so many frames takes longer' log microseconds log
    for path in direct nft refs refb ulvs; do
        delay_row "$path-kernel" "${NAMES[$path]}" "1,000/s, to the server's interface"
    done
    for path in $FAST_PATHS; do
        for what in 50 90; do
            delay_row "$path-$what" "${NAMES[$path]}" "$what % of its rate: ${loaded[$path-$what]}/s"
            delay_series "$path-$what" "${NAMES[$path]}, $what % of its rate"
        done
    done
    plot 'Delay under load, to the server'\''s interface' 'one of so many frames takes longer' log microseconds log
    note 'From the sender'\''s clock just before the frame leaves to its arrival; microseconds, by HdrHistogram; medians of the rounds, frames lost in all of them.'
    table 'Delay' path load p50 p90 p99 p99.9 max lost
    for path in $FAST_PATHS; do
        # shellcheck disable=SC2046,SC2086
        series "${NAMES[$path]}" $(printf '%s\n' ${points[$path]} | sort -t, -k1,1g)
    done
    plot 'Loss against offered rate' 'packets/s offered' linear 'percent lost' linear

    for entry in "${fresh_rows[@]}"; do
        # shellcheck disable=SC2086
        set -- $entry
        row "fresh start under $1 packets/s" "$2" "$3" ''
    done
    row "$SWITCHES switches between slots and blocks" "$SWING_SENT" "$SWING_LOST" "$SWING_REORDERED"
    row 'all trials through ulvs' '' '' "${reordered[ulvs]}"
    table 'Start, switching and order' what 'sent since the first' lost 'out of order'

    target "rate, against the C reference's" ratio "$(calculate "$ulvs / $refb")" '>=' 0.95 ''
    target "rate, against nftables'" ratio "$(calculate "$ulvs / $nft")" '>=' 1.6 \
        "the C reference reaches $(calculate "$refb / $nft")"
    target "p50 of the delay at 1,000 packets/s, against nftables'" ratio \
        "$(calculate "$(percentile ulvs-application 1) / $(percentile nft-application 1)")" '<=' 2 \
        "to an application; the C reference over slots: $(calculate "$(percentile refs-application 1) / $(percentile nft-application 1)")"
    target "p99 of the delay at 1,000 packets/s, against nftables'" ratio \
        "$(calculate "$(percentile ulvs-application 3) / $(percentile nft-application 3)")" '<=' 3 \
        "to an application; the C reference over slots: $(calculate "$(percentile refs-application 3) / $(percentile nft-application 3)")"
    target 'lost in the first seconds after a start' frames \
        "$(printf '%s\n' "${fresh_rows[@]}" | awk '{ n += $3 } END { print n }')" '<=' 0 ''
    target 'out of order within a connection' frames "${reordered[ulvs]}" '<=' 0 "$SWITCHES switches of the ring among them"

    for path in $FAST_PATHS; do
        # shellcheck disable=SC2086
        if is_true "$generator < $HEADROOM * $(median ${rates[$path]})"; then
            refusal="The generator alone makes $generator packets/s, which is not clearly more than the $(median ${rates[$path]}) of ${NAMES[$path]}."
        fi
    done
    if is_true "$spread > $NOISE"; then
        refusal="The machine is too noisy: the generator alone made from $(least "${calibrations[@]}") to $(greatest "${calibrations[@]}") packets/s."
    fi
    json_write veth "$RUNDIR/veth.json" "$refusal"
    if [ -n "$refusal" ]; then
        say "$refusal"
    else
        say "   ulvs $ulvs, reference $refb, nftables $nft packets/s: $(calculate "$ulvs / $refb") of the reference, $(calculate "$ulvs / $nft") of nftables"
    fi
}

main() {
    bench_arguments veth "$@"
    bench_prepare
    trap clean EXIT
    trap 'exit 143' TERM INT
    mkdir -p "$DELAYS"
    start_all
    say '== veth: from a fresh start'
    run_fresh
    say '== veth: rates'
    run_rates
    say '== veth: delays'
    run_delays
    read_percentiles
    run_swing
    report
}

main "$@"; exit
