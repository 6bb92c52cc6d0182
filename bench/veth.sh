#!/usr/bin/env bash
# veth.sh RUNDIR [--quick|--smoke]: small datagrams from one interface to another, through ulvs, through a reference forwarder
# over the same rings, and through nftables; writes RUNDIR/veth.json.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"

# Paths: refs is the reference over slots, as the rings of ulvs are, refb over blocks.
# What is compared is measured one after the other.
# Targets compare the judged ones.
readonly JUDGED=(refs ulvs nft) BESIDE=(refb) DELAY_PATHS=(refs ulvs nft direct refb)
readonly PATHS=("${JUDGED[@]}" "${BESIDE[@]}")
declare -A NAMES=([direct]='direct, nothing between' [ulvs]='ulvs NAT' [refb]='C reference, blocks' [refs]='C reference, slots'
    [nft]='nftables DNAT')
# A rate is borne when fewer than so many of a million frames are lost and half of them take no longer than this: a
# queue that grows while there is room for it is no rate.
readonly LOST_PER_MILLION=1000 LATE_NS=5000000
# The generator must be so much faster than every forwarder that targets compare, and its own rounds so close to each other.
readonly HEADROOM=${ULVS_BENCH_HEADROOM:-1.2} NOISE=0.25
# How long the generator leaves its CPU to others, again and again, where it need not send each frame at its time.
readonly PAUSE_US=500
# A search ends.
readonly MOST_STEPS=12

# Where the receive half of the director's first interface works: where the generator is, as veth does it by itself, or
# where the forwarder is, which is asked for by RPS. It is all of nftables' work, and the copy into the rings of the others.
readonly ARRANGEMENTS=(generator forwarder)
# Where delays are kept meanwhile: in memory, since writing to a disk would disturb.
readonly DELAYS=/run/$BENCH-veth-delays

declare -A rates=() placed=() delays_p50=() delays_p99=() points=() reordered=() repeats=() lost=() percentiles=() curves=() loaded=()
calibrations=() handovers=() arrangement=generator tried=0

# shellcheck disable=SC2317  # the trap calls it
clean() {
    local path
    for path in direct "${PATHS[@]}"; do
        network_remove "$path"
    done
    rm -rf "$DELAYS"
}

is_judged() { [[ " ${JUDGED[*]} " == *" $1 "* ]]; }

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

# arrange ARRANGEMENT: of all paths.
arrange() {
    local path mask=0
    arrangement=$1
    [ "$arrangement" = generator ] || mask=$(printf '%x' $((1 << FORWARDER_CPU)))
    for path in "${PATHS[@]}"; do
        # shellcheck disable=SC2016  # the shell in there expands it
        in_ns "$path" director sh -c 'for queue in /sys/class/net/eth0/queues/rx-*/rps_cpus; do echo "$0" >"$queue"; done' "$mask"
    done
}

# offer PATH RATE SECONDS: whether the path bears the rate in this arrangement; keeps a point of the plot.
offer() {
    local path=$1 rate=$2 seconds=$3
    measure "$path" --rate "$rate" --frames "$(calculate "int(($rate == 0 ? 1800000 : $rate) * $seconds)")"
    points[$path-$arrangement]+=" ${T[rate]},$(calculate "100 * (${T[lost]} > 0 ? ${T[lost]} : 0) / ${T[sent]}")"
    [ $((T[lost] * 1000000)) -lt $((T[sent] * LOST_PER_MILLION)) ] && [ "${T[p50]}" -lt "$LATE_NS" ]
}

# search PATH SECONDS STEPS: adds the highest rate that the path bears to rates[PATH-ARRANGEMENT]. A search that finds none has
# met a minute in which the machine lost frames at any rate, and begins anew once.
search() {
    search_once "$@" || search_once "$@" || die "veth: ${NAMES[$1]} bears no rate, the last one tried was $tried packets/s"
}

# search_once PATH SECONDS STEPS: fails where no rate is borne. A loss is checked once more, since the machine may have stolen
# the time.
search_once() {
    local path=$1 seconds=$2 steps=$3 best=0 low high rate step
    if offer "$path" 0 "$seconds"; then
        rates[$path-$arrangement]+=" ${T[rate]}"
        return
    fi
    high=${T[rate]}
    rate=$(calculate "int(0.97 * ${T[received]} * 1e9 / ${T[elapsed]})")
    low=$((rate * 6 / 10))
    for ((step = 0; step < steps || (best == 0 && step < MOST_STEPS); step++)); do
        tried=$rate
        if offer "$path" "$rate" "$seconds" || offer "$path" "$rate" "$seconds"; then
            low=$rate
            [ "$best" -ge "${T[rate]}" ] || best=${T[rate]}
        else
            high=$rate
            # Where nothing was borne yet, the search goes further down.
            [ "$best" -gt 0 ] || low=$((rate * 6 / 10))
        fi
        rate=$(((low + high) / 2))
    done
    [ "$best" -gt 0 ] || return 1
    rates[$path-$arrangement]+=" $best"
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
    delays_p50[$name]+=" ${T[p50]}" delays_p99[$name]+=" ${T[p99]}"
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

delay_row() {
    # shellcheck disable=SC2086
    row "$2" "$3" ${percentiles[$1]} "${lost[$1]}"
}

delay_series() {
    # shellcheck disable=SC2086
    series "$2" ${curves[$1]}
}

# launch PATH: what forwards there, without waiting for it.
launch() {
    case $1 in
        ulvs) ulvs_launch ulvs --cpus "$FORWARDER_CPU" ;;
        refs) reference_start refs slots "$FORWARDER_CPU" ;;
        refb) reference_start refb blocks "$FORWARDER_CPU" ;;
        nft) nftables_start nft ;;
    esac
}

# fresh PATH RATE SECONDS: starts what forwards there anew under traffic; sets FRESH_LOST to what was lost after the first
# frame.
fresh() {
    local path=$1 rate=$2 seconds=$3 file=$RUNDIR/fresh.txt sender
    # The dataplane finds the table that a killed one has left; of the others nothing is to be left.
    if [ "$path" = ulvs ]; then ulvs_stop KILL; else network_make "$path" "$NOBODY_MAC"; fi
    trial "$path" --cpu "$GENERATOR_CPU" --rate "$rate" --pause "$PAUSE_US" --frames "$((rate * seconds))" >"$file" &
    sender=$!
    sleep 0.2
    launch "$path"
    wait "$sender"
    read_trial "$(<"$file")"
    rm -f "$file"
    FRESH_LOST=$((T[sent] - T[first] - T[received])) FRESH_SENT=$((T[sent] - T[first]))
    reordered[$path]=$((${reordered[$path]:-0} + T[reordered]))
}

start_all() {
    local path
    for path in direct "${PATHS[@]}"; do
        network_make "$path" "$NOBODY_MAC"
    done
    for path in refb refs nft; do
        launch "$path"
    done
    ulvs_start ulvs --cpus "$FORWARDER_CPU"
    ulvs_service ulvs
    # neighbours
    sleep 0.5
}

run_rates() {
    local round path rate grid handover
    for ((round = 1; round <= $(by_size 1 3 12); round++)); do
        calibrate
        for arrangement in "${ARRANGEMENTS[@]}"; do
            # The second one, which no target is about, in the first and the seventh round.
            [ "$arrangement" = generator ] || [ $((round % 6)) -eq 1 ] || continue
            arrange "$arrangement"
            for path in $(in_turn "$round" "${PATHS[@]}"); do
                handover=$("$BENCH_TOOLS/handover" "$GENERATOR_CPU" "$FORWARDER_CPU")
                handovers+=("$handover")
                search "$path" "$(by_size 0.1 0.3 0.7)" "$(by_size 1 4 5)"
                rate=${rates[$path-$arrangement]##* }
                placed[$path-$arrangement]+=" $handover,$rate"
                say "   round $round: ${NAMES[$path]}, receiving on the CPU of the $arrangement: $rate packets/s; CPU to CPU $handover ns"
            done
        done
    done
    calibrate
    # Rates beside those of the search, for the plot of losses.
    grid=$(by_size 400000 '400000 800000 1600000' '400000 700000 1000000 1300000 1600000 1900000 2200000 2500000')
    for arrangement in "${ARRANGEMENTS[@]}"; do
        arrange "$arrangement"
        for rate in $grid; do
            for path in "${PATHS[@]}"; do
                offer "$path" "$rate" 0.2 || continue
            done
        done
    done
    arrange generator
}

# rate_of PATH ARRANGEMENT: the median of the rounds.
rate_of() {
    # shellcheck disable=SC2086
    median ${rates[$1-$2]}
}

# compared PATH OTHER ARRANGEMENT: how many times the other's rate, the median of the rounds.
compared() {
    # shellcheck disable=SC2046
    median $(quotients "${rates[$1-$3]}" "${rates[$2-$3]}")
}

run_delays() {
    local round path share frames rate
    frames=$(by_size 100 350 1000)
    # A p99 is ten frames of a round, so what targets compare gets twice as many rounds.
    for ((round = 1; round <= $(by_size 1 3 16); round++)); do
        for path in $(in_turn "$round" "${DELAY_PATHS[@]}"); do
            [ $((round % 2)) -eq 1 ] || is_judged "$path" || continue
            delays "$path-application" "$path" --rate 1000 --frames "$frames" --sink application
        done
        say "   round $round of delays at 1,000 packets/s"
        [ $((round % 2)) -eq 1 ] || continue
        for path in $(in_turn "$((round / 2))" "${DELAY_PATHS[@]}"); do
            delays "$path-kernel" "$path" --rate 1000 --frames "$frames" --sink kernel
        done
    done
    for ((round = 1; round <= $(by_size 1 1 3); round++)); do
        for share in 50 90; do
            for path in "${PATHS[@]}"; do
                rate=$(calculate "int($(rate_of "$path" generator) * $share / 100)")
                loaded[$path-$share]=$rate
                delays "$path-$share" "$path" --rate "$rate" --frames "$(calculate "int($rate * $(by_size 0.05 0.5 1))")"
            done
        done
    done
}

run_fresh() {
    local rate path
    for rate in $(by_size 20000 100000 '100000 400000'); do
        for path in refs ulvs nft; do
            fresh "$path" "$rate" "$(by_size 2 3 8)"
            say "   fresh start under $rate packets/s: ${NAMES[$path]}: $FRESH_LOST of $FRESH_SENT lost after the first"
            fresh_rows+=("$path $rate $FRESH_SENT $FRESH_LOST")
        done
    done
}
fresh_rows=()

# fresh_lost PATH: of all its starts.
fresh_lost() { printf '%s\n' "${fresh_rows[@]}" | awk -v path="$1" '$1 == path { n += $4 } END { print n }'; }

report_settings() {
    setting frame '64 bytes with FCS: UDP with a payload of 18 bytes, no checksum; 1,024 connections'
    setting generator "XDP live frames on CPU $GENERATOR_CPU from 10,000 packets/s on (at starts in bursts every $PAUSE_US µs), else a packet socket"
    setting receiving "in NAPI mode, GRO on; on the generator's CPU $GENERATOR_CPU as veth does it by itself, or by RPS on the forwarder's CPU $FORWARDER_CPU"
    setting forwarders "reference and the worker of ulvs pinned to CPU $FORWARDER_CPU (--cpus), else the default configuration"
    setting 'CPU to CPU' "a line of memory takes $(median "${handovers[@]}") ns from one to the other, $(least "${handovers[@]}") to $(greatest "${handovers[@]}") before each measurement of a rate"
    setting sink 'the kernel, in the tap of a packet socket; for delays also an application that sleeps in recv'
}

# bounded PATH ARRANGEMENT: whether the generator alone is not clearly faster, and the rate may be the generator's.
bounded() { is_true "$(median "${calibrations[@]}") < $HEADROOM * $(rate_of "$1" "$2")"; }

# Tells which rates of paths that no target is about may be the generator's.
note_bounds() {
    local path arrangement
    for path in "${BESIDE[@]}"; do
        for arrangement in "${ARRANGEMENTS[@]}"; do
            if bounded "$path" "$arrangement"; then
                note "${NAMES[$path]}, receiving on the CPU of the $arrangement: at least this; the generator alone is less than $HEADROOM times as fast."
            fi
        done
    done
}

report_rates() {
    local arrangement path
    for arrangement in "${ARRANGEMENTS[@]}"; do
        for path in "${PATHS[@]}"; do
            # shellcheck disable=SC2086
            row "${NAMES[$path]}" "$arrangement" "$(rate_of "$path" "$arrangement")" "$(least ${rates[$path-$arrangement]})" \
                "$(greatest ${rates[$path-$arrangement]})" "$(compared "$path" refs "$arrangement")" \
                "$(compared "$path" nft "$arrangement")"
        done
    done
    row 'generator alone' '' "$(median "${calibrations[@]}")" "$(least "${calibrations[@]}")" "$(greatest "${calibrations[@]}")" '' ''
    note 'Highest rate with less than 0.1 % loss and half of all frames within 5 ms; medians of interleaved rounds. A ratio is the median of the ratios of each round.'
    note_bounds
    note "Receiving on the generator's CPU, nftables does all of its work within the generator's call: it loses nothing, it slows the generator down, and the other CPU idles; ulvs and the reference have that other CPU besides. Receiving on the forwarder's CPU, the generator runs free; nftables has that CPU alone, ulvs and the reference share it with the kernel's copies into their rings. A real NIC with an interrupt of its own lies between the two."
    table 'Rate' path "receives on the CPU of the" packets/s least greatest '÷ C reference, slots' '÷ nftables'
    for arrangement in "${ARRANGEMENTS[@]}"; do
        for path in "${PATHS[@]}"; do
            # shellcheck disable=SC2046,SC2086
            series "${NAMES[$path]}" $(printf '%s\n' ${points[$path-$arrangement]} | sort -t, -k1,1g)
        done
        plot "Loss against offered rate, receiving on the CPU of the $arrangement" 'packets/s offered' linear 'percent lost' linear
    done
    for path in "${PATHS[@]}"; do
        # shellcheck disable=SC2046,SC2086
        series "${NAMES[$path]}" $(printf '%s\n' ${placed[$path-generator]} | sort -t, -k1,1g)
    done
    plot "Rate against what a line of memory takes from CPU to CPU, receiving on the generator's" 'ns from CPU to CPU' linear packets/s linear
}

report_delays() {
    local path share
    for path in "${DELAY_PATHS[@]}"; do
        delay_row "$path-application" "${NAMES[$path]}" '1,000/s, to an application'
        delay_series "$path-application" "${NAMES[$path]}"
    done
    plot 'Delay at 1,000 packets/s, to an application' 'one of so many frames takes longer (100: p99)' log microseconds log
    for path in "${DELAY_PATHS[@]}"; do
        delay_row "$path-kernel" "${NAMES[$path]}" "1,000/s, to the server's interface"
    done
    for path in "${PATHS[@]}"; do
        for share in 50 90; do
            delay_row "$path-$share" "${NAMES[$path]}" "$share % of its rate: $(thousands "${loaded[$path-$share]}")/s"
            delay_series "$path-$share" "${NAMES[$path]}, $share % of its rate"
        done
    done
    plot 'Delay under load, to the server'\''s interface' 'one of so many frames takes longer (100: p99)' log microseconds log
    note "From the sender's clock just before the frame leaves to its arrival; microseconds, by HdrHistogram; medians of the rounds, frames lost in all of them. Receiving on the generator's CPU."
    table 'Delay' path load p50 p90 p99 p99.9 max lost
}

report_order() {
    local entry
    for entry in "${fresh_rows[@]}"; do
        # shellcheck disable=SC2086
        set -- $entry
        row "${NAMES[$1]}" "fresh start under $(thousands "$2") packets/s" "$3" "$4" ''
    done
    row "${NAMES[ulvs]}" 'all trials' '' '' "${reordered[ulvs]}"
    table 'Start and order' path what 'sent since the first' lost 'out of order'
}

# delay_target p50|p99 LIMIT: the delay to an application, against nftables'.
delay_target() {
    local -n delays=delays_$1
    local -a rounds
    local reference
    mapfile -t rounds < <(quotients "${delays[ulvs-application]}" "${delays[nft-application]}")
    # shellcheck disable=SC2046
    reference=$(median $(quotients "${delays[refs-application]}" "${delays[nft-application]}"))
    target "$1 of the delay at 1,000 packets/s, against nftables'" × "$(median "${rounds[@]}")" '<=' "$2" \
        "to an application; rounds: $(least "${rounds[@]}") to $(greatest "${rounds[@]}")" "$reference"
}

report_targets() {
    target "rate, against the C reference's over the same rings" × "$(compared ulvs refs generator)" '>=' 0.95 \
        "against the one over blocks: $(compared ulvs refb generator); receiving on the forwarder's CPU: $(compared ulvs refs forwarder)"
    target "rate, against nftables'" × "$(compared ulvs nft generator)" '>=' 1.6 \
        "receiving on the forwarder's CPU: $(compared ulvs nft forwarder), the C reference $(compared refs nft forwarder)" \
        "$(compared refs nft generator)"
    delay_target p50 2
    delay_target p99 3
    target 'lost in the first seconds after a start' frames "$(fresh_lost ulvs)" '<=' 0 \
        "at all rates; nftables $(fresh_lost nft)" "$(fresh_lost refs)"
    target 'out of order within a connection' frames "${reordered[ulvs]}" '<=' 0 'in all trials'
}

# Prints why the figures are not to be believed, or nothing.
refusal() {
    local path arrangement generator least greatest
    generator=$(median "${calibrations[@]}") least=$(least "${calibrations[@]}") greatest=$(greatest "${calibrations[@]}")
    for arrangement in "${ARRANGEMENTS[@]}"; do
        for path in "${JUDGED[@]}"; do
            if bounded "$path" "$arrangement"; then
                printf 'The generator alone makes %s packets/s, which is not clearly more than the %s of %s.' "$generator" \
                    "$(rate_of "$path" "$arrangement")" "${NAMES[$path]}"
                return
            fi
        done
    done
    if [ "$SIZE" != smoke ] && is_true "$greatest - $least > $NOISE * $generator"; then
        printf 'The machine is too noisy: the generator alone made from %s to %s packets/s.' "$least" "$greatest"
    fi
}

report() {
    local refusal
    refusal=$(refusal)
    report_settings
    report_rates
    report_delays
    report_order
    report_targets
    json_write veth "$RUNDIR/veth.json" "$refusal"
    if [ -n "$refusal" ]; then
        say "$refusal"
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
    report
}

# Tests source this file.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then main "$@"; exit; fi
