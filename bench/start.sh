#!/usr/bin/env bash
# start.sh RUNDIR [--quick|--smoke]: from exec to the first packet forwarded, and calls of ipvsadm; writes RUNDIR/start.json.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"
# shellcheck source=tools/lab/tables.sh
source "$ULVS_ROOT/tools/lab/tables.sh"

# Of one address so many connections at most.
readonly PER_ADDRESS=50000
# Of the client that waits for the start: slow, so that it leaves the CPU to what starts; a packet each half millisecond.
readonly RATE=2000 FLOWS=64 MOST_SECONDS=24
# Of the table that is restored and listed.
readonly SERVICES=500 SERVERS=20
# What a start is given, in seconds; on a slow machine more.
seconds=1.5
declare -A starts=() delays=() lost=() found=() calls=()
versions=() paths=()

# The paths: nftables, the dataplane without anything, started by the launcher, and with so many connections to adopt.
# shellcheck disable=SC2046
all_paths() { printf '%s\n' nft empty "$FLOWS" $(by_size '' 'launcher 10000 100000' 'launcher 10000 100000 1000000'); }

title_of() {
    case $1 in
        nft) printf 'nftables DNAT: nft -f' ;;
        empty) printf 'ulvs, nothing there; ipvsadm -R as soon as it answers' ;;
        launcher) printf 'ulvs with its table, by ./ulvs dataplane' ;;
        "$FLOWS") printf 'ulvs with its table' ;;
        *) printf 'ulvs with its table, %s connections' "$(thousands "$1")" ;;
    esac
}

# shellcheck disable=SC2317  # the trap calls it
clean() {
    local path
    for path in "${paths[@]}"; do
        network_remove "$path"
    done
}

rules() {
    printf '%s\n' "-A -u $BENCH_VIP:$BENCH_PORT -s rr" "-a -u $BENCH_VIP:$BENCH_PORT -r $BENCH_SERVER:$BENCH_PORT -m"
}

# fill PATH COUNT: leaves what a dataplane with so many connections leaves that was killed.
fill() {
    local path=$1 left=$2 address=0 part
    ulvs_start "$path"
    rules | bench_ipvsadm "$path" -R
    # They outlive the benchmark.
    bench_ipvsadm "$path" --set 0 0 7200
    # neighbours
    sleep 0.5
    while [ "$left" -gt 0 ]; do
        part=$((left < PER_ADDRESS ? left : PER_ADDRESS))
        # The first address is the one that waits for the start. What is lost while code is compiled is sent again.
        for _ in 1 2 3 4 5; do
            read_trial "$(trial "$path" --source "${BENCH_CLIENT%.*}.$((${BENCH_CLIENT##*.} + address))" --flows 65536 \
                --frames "$part" --rate 100000 --cpu "$GENERATOR_CPU")"
            [ "${T[lost]}" -gt 0 ] || break
        done
        left=$((left - part)) address=$((address + 1))
    done
    [ "$(connections "$path")" -eq "$2" ] || die "start: $(connections "$path") connections where $2 were to be made"
    ulvs_stop KILL
}

# connections PATH: as ipvsadm counts them.
connections() { bench_ipvsadm "$1" -Ln | awk '$1 == "->" && $3 == "Masq" { n += $5 + $6 } END { print n + 0 }'; }

launch() {
    local path=$1
    case $path in
        nft) nftables_start nft ;;
        launcher)
            local -a DATAPLANE=("$ULVS_ROOT/ulvs" dataplane)
            ulvs_launch launcher
            ;;
        empty)
            ulvs_launch empty
            until rules | bench_ipvsadm empty -R 2>/dev/null; do :; done
            ;;
        *) ulvs_launch "$path" ;;
    esac
}

# start_under_traffic PATH: what came of it is in T.
start_under_traffic() {
    local path=$1 sender
    # What a rule or a table has not met leaves no trace: each of these starts has a new network.
    case $path in nft | empty) network_make "$path" "$NOBODY_MAC" ;; esac
    trial "$path" --rate "$RATE" --flows "$FLOWS" --frames "$(calculate "$RATE * $seconds")" >"$RUNDIR/start.trial" &
    sender=$!
    sleep 0.2
    launch "$path"
    wait "$sender"
    read_trial "$(<"$RUNDIR/start.trial")"
    rm -f "$RUNDIR/start.trial"
    [ "$path" = nft ] || found[$path]=$(connections "$path")
    [ "$path" = nft ] || ulvs_stop KILL
}

# sample PATH: one start that has forwarded something.
sample() {
    local path=$1
    start_under_traffic "$path"
    while [ "${T[received]}" -eq 0 ]; do
        seconds=$(calculate "$seconds * 4")
        is_true "$seconds <= $MOST_SECONDS" || die "start: nothing was forwarded in $MOST_SECONDS s: $(title_of "$path")"
        say "   nothing was forwarded in time; again, with $seconds s: $(title_of "$path")"
        start_under_traffic "$path"
    done
    starts[$path]+=" $(calculate "(${T[arrived]} - $(<"$(exec_file "$path")")) / 1000")"
    delays[$path]+=" $(microseconds "${T[p99]}")"
    lost[$path]=$((${lost[$path]:-0} + T[sent] - T[first] - T[received]))
}

# call NAME COMMAND…: how long it takes. The kernel's tool may find no module and say so.
call() {
    local name=$1 began=${EPOCHREALTIME//[!0-9]/}
    shift
    in_ns empty director "$@" >/dev/null 2>&1 || [ "$name" = native ] || die "start: it failed: $*"
    calls[$name]+=" $(calculate "(${EPOCHREALTIME//[!0-9]/} - $began) / 1000")"
}

# What people wait for who type ipvsadm, beside the kernel's own, which needs no JVM.
sample_calls() {
    local round
    local -a ours=(env "ULVS_DIR=$(bench_dir empty)" "$ULVS_ROOT/tools/bin/ipvsadm")
    large_table "$SERVICES" "$SERVERS" >"$RUNDIR/start.table"
    ulvs_start empty
    # what the last start has left
    bench_ipvsadm empty -C
    for ((round = 1; round <= CALLS; round++)); do
        call list "${ours[@]}" -Ln
        call native /usr/sbin/ipvsadm -h
        call restore "${ours[@]}" -R <"$RUNDIR/start.table"
        [ "$(bench_ipvsadm empty -Sn | wc -l)" -eq "$(wc -l <"$RUNDIR/start.table")" ] || die "start: the table was not restored"
        call listlarge "${ours[@]}" -Ln
        bench_ipvsadm empty -C
    done
    ulvs_stop
    rm -f "$RUNDIR/start.table"
}

# call_row TITLE NAME
call_row() {
    # shellcheck disable=SC2086
    row "$1" "$(median ${calls[$2]})" "$(least ${calls[$2]})" "$(greatest ${calls[$2]})"
}

report_calls() {
    local large="$SERVICES services with $SERVERS servers each"
    call_row 'ipvsadm -Ln' list
    call_row "ipvsadm -Ln, $large" listlarge
    call_row "ipvsadm -R, $large" restore
    call_row "the kernel's own ipvsadm -h, which looks for its module" native
    note "Medians of $CALLS calls in turn, in milliseconds."
    table 'Calls of ipvsadm' call ms least most
    # shellcheck disable=SC2086
    target 'ipvsadm -Ln' ms "$(median ${calls[list]})" '<=' 150 'from exec to exit'
    # shellcheck disable=SC2086
    target "ipvsadm -R, $large" ms "$(median ${calls[restore]})" '<=' 2000 'in one process'
}

# The floor: a JVM with the same flags that does nothing.
sample_version() {
    in_ns nft director "${STAMPED[@]}" "$(exec_file nft)" "${JAVA_WORDS[@]}" -version >/dev/null 2>&1
    versions+=("$(calculate "(${EPOCHREALTIME//[!0-9]/} - $(<"$(exec_file nft)")) / 1000")")
}

report() {
    local path
    local -a points=()
    setting traffic "$(thousands "$RATE") packets/s of $FLOWS connections, which wait for the start; from exec to the arrival of the first one at the server's interface"
    setting 'connections to adopt' 'UDP, left by a dataplane that was ended by kill -9'
    setting ulvs 'default configuration'
    setting rounds "$ROUNDS, paths in turn"
    for path in "${paths[@]}"; do
        # shellcheck disable=SC2086
        row "$(title_of "$path")" "$(median ${starts[$path]})" "$(least ${starts[$path]})" "$(greatest ${starts[$path]})" \
            "${found[$path]:-}" "${lost[$path]}" "$(median ${delays[$path]})"
    done
    row 'java -version with the flags of the dataplane' "$(median "${versions[@]}")" "$(least "${versions[@]}")" \
        "$(greatest "${versions[@]}")" '' '' ''
    note "Medians of the rounds, in milliseconds; the delay is that of the packets in the first seconds, in which code is still compiled."
    table 'From exec to the first packet' start ms least most 'connections then' 'lost since the first' 'p99 of the delay, µs'
    for path in "${paths[@]}"; do
        if [[ $path =~ ^[0-9]+$ ]]; then
            # shellcheck disable=SC2086
            points+=("$path,$(median ${starts[$path]})")
        fi
    done
    series 'ulvs with its table' "${points[@]}"
    plot 'From exec to the first packet, by connections to adopt' connections log milliseconds linear
    report_calls
    json_write start "$RUNDIR/start.json"
}

main() {
    local path round
    bench_arguments start "$@"
    ROUNDS=$(by_size 1 2 4)
    CALLS=$(by_size 1 3 9)
    bench_prepare
    mapfile -t paths < <(all_paths)
    trap clean EXIT
    trap 'exit 143' TERM INT
    for path in "${paths[@]}"; do
        network_make "$path" "$NOBODY_MAC"
        case $path in
            nft | empty) ;;
            launcher) fill launcher "$FLOWS" ;;
            *) fill "$path" "$path" ;;
        esac
    done
    for ((round = 1; round <= ROUNDS; round++)); do
        sample_version
        for path in "${paths[@]}"; do
            sample "$path"
            say "   round $round: $(title_of "$path"): ${starts[$path]##* } ms"
        done
    done
    sample_calls
    report
}

main "$@"; exit
