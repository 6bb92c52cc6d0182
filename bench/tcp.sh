#!/usr/bin/env bash
# tcp.sh RUNDIR [--quick|--smoke]: bulk and requests through ulvs and its peers; writes RUNDIR/tcp.json.
# Client, balancer and server share the cores of this machine.
# shellcheck disable=SC2317  # functions are called by name
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)}
# shellcheck source=bench/all.sh
source "$ULVS_ROOT/bench/all.sh"

readonly PATHS=(nat refnat dr refdr nft haproxy routed)
# What is compared is measured one after the other.
readonly TURNS=(haproxy refnat nat nft dr refdr routed)
readonly CLIENTS=32 WEB_PORT=80 IPERF_PORT=5201 SECONDS_EACH=1 ROUNDS_OF_A_PROCESS=3

readonly STATE=/run/$BENCH-tcp
pids=()

title_of() {
    case $1 in
        routed) printf 'routed, no balancer' ;;
        nat) printf 'ulvs NAT' ;;
        dr) printf 'ulvs direct routing' ;;
        refnat) printf 'C reference, NAT' ;;
        refdr) printf 'C reference, direct routing' ;;
        nft) printf 'nftables DNAT' ;;
        haproxy) printf 'HAProxy mode tcp' ;;
    esac
}

# Names of namespaces and folders begin with tcp.
ns_of() { printf 'tcp%s' "$1"; }

paths_down() {
    local path pid
    for pid in "${pids[@]}"; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    pids=()
    # A dataplane takes its rules away before its namespace goes.
    sleep 0.5
    for path in "${PATHS[@]}"; do
        network_remove "$(ns_of "$path")"
    done
}

cleanup() {
    trap - EXIT INT TERM
    paths_down
    rm -rf "$STATE"
}

# start PATH NODE NAME COMMAND…: a server of the benchmark, ended by cleanup.
start() {
    local path=$1 node=$2 name=$3
    shift 3
    in_ns "$(ns_of "$path")" "$node" setsid "$@" </dev/null >"$STATE/$path-$name.log" 2>&1 9>&- &
    pids+=("$!")
    disown "$!"
}

# await PATH NODE PORT: until something listens there.
await() {
    local deadline=$(($(now_ms) + 10000))
    until [ -n "$(in_ns "$(ns_of "$1")" "$2" ss -Hltn "sport = :$3")" ]; do
        [ "$(now_ms)" -lt "$deadline" ] || die "tcp: nothing listens on port $3 of $2, path $1: $(tail -qn 3 "$STATE/$1"-*.log)"
        sleep 0.05
    done
}

nginx_configuration() {
    cat <<END
daemon off;
worker_processes 1;
pid $STATE/$1-nginx.pid;
error_log $STATE/$1-nginx-error.log warn;
events { worker_connections 4096; }
http {
    access_log off;
    default_type text/plain;
    client_body_temp_path $STATE; proxy_temp_path $STATE; fastcgi_temp_path $STATE;
    uwsgi_temp_path $STATE; scgi_temp_path $STATE;
    keepalive_requests 100000000;
    server { listen $WEB_PORT backlog=4096; location / { return 200 "hello\n"; } }
}
END
}

# Its defaults (a thread a core), but for what mode tcp must be told.
haproxy_configuration() {
    cat <<END
global
    maxconn 4000
defaults
    mode tcp
    timeout connect 5s
    timeout client 30s
    timeout server 30s
listen web
    bind $BENCH_VIP:$WEB_PORT
    server real $BENCH_SERVER:$WEB_PORT
listen iperf
    bind $BENCH_VIP:$IPERF_PORT
    server real $BENCH_SERVER:$IPERF_PORT
END
}

# add_direct_answer PATH: the server has the virtual address and a link of its own to the client for its answers.
add_direct_answer() {
    local client server node
    client=$(bench_ns "$(ns_of "$1")" client) server=$(bench_ns "$(ns_of "$1")" server)
    ip -n "$client" link add eth1 address 02:81:00:00:00:03 type veth \
        peer name eth1 address 02:82:00:00:00:03 netns "$server"
    ip -n "$client" link set eth1 up
    ip -n "$server" link set eth1 up
    ip -n "$server" address add "$BENCH_VIP/32" dev lo
    ip -n "$server" route add "$BENCH_CLIENT/32" dev eth1
    ip -n "$server" neighbour add "$BENCH_CLIENT" lladdr 02:81:00:00:00:03 nud permanent dev eth1
    for node in client server; do
        in_ns "$(ns_of "$1")" "$node" sysctl -qw net.ipv4.conf.{all,eth0,eth1}.rp_filter=0
    done
}

path_up() {
    local path=$1 name node
    name=$(ns_of "$path")
    network_make "$name" "$SERVER_MAC"
    for node in client director server; do
        # One client address opens tens of thousands of connections a round.
        in_ns "$name" "$node" sysctl -qw net.ipv4.ip_local_port_range="1024 65535"
    done
    ip -n "$(bench_ns "$name" client)" neighbour add "$BENCH_VIP" lladdr "$DIRECTOR_MAC" nud permanent dev eth0
    ip -n "$(bench_ns "$name" server)" neighbour add 10.82.0.1 lladdr 02:82:00:00:00:01 nud permanent dev eth0
    nginx_configuration "$path" >"$STATE/$path-nginx.conf"
    start "$path" server nginx nginx -c "$STATE/$path-nginx.conf" -p "$STATE"
    start "$path" server iperf3 iperf3 -s -p "$IPERF_PORT"
    case $path in
        nat) balancer_ulvs nat -m ;;
        dr)
            add_direct_answer dr
            balancer_ulvs dr -g
            ;;
        refnat) balancer_reference refnat nat ;;
        refdr)
            add_direct_answer refdr
            balancer_reference refdr dr
            ;;
        nft)
            in_ns "$name" director nft -f - <<END
table ip bench {
    chain incoming {
        type nat hook prerouting priority dstnat;
        ip daddr $BENCH_VIP dnat to $BENCH_SERVER
    }
}
END
            ;;
        haproxy)
            ip -n "$(bench_ns "$name" director)" address add "$BENCH_VIP/32" dev lo
            haproxy_configuration >"$STATE/haproxy.cfg"
            start haproxy director haproxy haproxy -db -f "$STATE/haproxy.cfg"
            await haproxy director "$WEB_PORT"
            ;;
    esac
    await "$path" server "$WEB_PORT"
    await "$path" server "$IPERF_PORT"
}

# balancer_ulvs PATH FLAG: the default configuration.
balancer_ulvs() {
    local name port
    name=$(ns_of "$1")
    # shellcheck disable=SC2086
    ulvs_start "$name" ${ULVS_BENCH_DATAPLANE:-}
    pids+=("$ULVS_PID")
    for port in "$WEB_PORT" "$IPERF_PORT"; do
        bench_ipvsadm "$name" -A -t "$BENCH_VIP:$port" -s rr
        bench_ipvsadm "$name" -a -t "$BENCH_VIP:$port" -r "$BENCH_SERVER:$port" "$2"
    done
}

# balancer_reference PATH nat|dr
balancer_reference() {
    local name director
    name=$(ns_of "$1") director=$(bench_ns "$(ns_of "$1")" director)
    keep_host_out "$name" eth0 ip daddr "$BENCH_VIP"
    keep_host_out "$name" eth1 ip saddr "$BENCH_SERVER"
    start "$1" director router "$BENCH_TOOLS/router" "$director:eth0" "$director:eth1" "$CLIENT_MAC" "$SERVER_MAC" \
        "$BENCH_VIP" "$2" "$BENCH_SERVER" 1800
}

target_of() {
    if [ "$1" = routed ]; then printf '%s' "$BENCH_SERVER"; else printf '%s' "$BENCH_VIP"; fi
}

# Gbit/s that arrived.
bulk() {
    local said
    said=$(in_ns "$(ns_of "$1")" client timeout $((SECONDS_EACH + 10)) iperf3 -c "$(target_of "$1")" -p "$IPERF_PORT" \
        -t "$SECONDS_EACH" -f g 2>&1) || die "tcp: iperf3 failed on path $1: $said"
    awk '/receiver/ { for (i = 1; i <= NF; i++) if ($i ~ /bits\/sec/) { print $(i - 1); n++ } } END { exit !n }' <<<"$said" \
        || die "tcp: iperf3 gave no figures on path $1: $said"
}

# requests PATH CLIENTS [HEADER]: requests a second, p50, p90, p99 in µs.
requests() {
    local path=$1 clients=$2 said figures
    local -a header=()
    [ $# -lt 3 ] || header=(-H "$3")
    said=$(in_ns "$(ns_of "$path")" client timeout $((SECONDS_EACH + 20)) wrk -t 1 -c "$clients" -d "${SECONDS_EACH}s" \
        -s "$ULVS_ROOT/bench/wrk-figures.lua" "${header[@]}" "http://$(target_of "$path"):$WEB_PORT/" 2>&1) \
        || die "tcp: wrk failed on path $path: $said"
    figures=$(sed -n 's/^figures //p' <<<"$said")
    [ -n "$figures" ] || die "tcp: wrk gave no figures on path $path: $said"
    awk '{ printf "%d %d %d %d %d\n", $1 / $2 * 1e6, $4, $5, $6, $3 }' <<<"$figures"
}

# Appends KIND PATH ROUND VALUE P50 P90 P99 ERRORS to the samples.
measure() {
    local kind=$1 path=$2 round=$3 result
    case $kind in
        bulk) result="$(bulk "$path") - - - 0" ;;
        request) result=$(requests "$path" "$CLIENTS" 'Connection: close') ;;
        keepalive) result=$(requests "$path" "$CLIENTS") ;;
        single) result=$(requests "$path" 1) ;;
    esac
    printf '%s %s %s %s\n' "$kind" "$path" "$round" "$result" >>"$SAMPLES"
}

# figures KIND PATH COLUMN: the values of all counted rounds.
figures() { awk -v k="$1" -v p="$2" -v c="$3" '$1 == k && $2 == p && $3 > 0 { print $c }' "$SAMPLES"; }
figure() {
    # shellcheck disable=SC2046
    median $(figures "$@")
}

# ratios KIND PATH OTHER COLUMN: how many times the other's value, of each counted round.
ratios() { quotients "$(figures "$1" "$2" "$4")" "$(figures "$1" "$3" "$4")"; }
# against KIND PATH OTHER COLUMN: the median of these.
against() {
    # shellcheck disable=SC2046
    median $(ratios "$@")
}

# rate_table KIND TITLE UNIT
rate_table() {
    local kind=$1 title=$2 path
    local -a values delays=()
    local -a columns=(path "$3" least most)
    [ "$kind" = bulk ] || columns+=('p50 µs' 'p99 µs')
    for path in "${PATHS[@]}"; do
        mapfile -t values < <(figures "$kind" "$path" 4)
        [ "$kind" = bulk ] || delays=("$(figure "$kind" "$path" 5)" "$(figure "$kind" "$path" 7)")
        row "$(title_of "$path")" "$(median "${values[@]}")" "$(least "${values[@]}")" "$(greatest "${values[@]}")" \
            "${delays[@]}" "$(against "$kind" "$path" nft 4)" "$(against "$kind" "$path" haproxy 4)" \
            "$(against "$kind" "$path" routed 4)"
    done
    table "$title" "${columns[@]}" '× nftables' '× HAProxy' '× routed'
}

# One client that asks again when it has its answer.
delay_table() {
    local path p50 p99
    for path in "${PATHS[@]}"; do
        p50=$(figure single "$path" 5) p99=$(figure single "$path" 7)
        row "$(title_of "$path")" "$p50" "$(calculate "$p50 - $(figure single routed 5)")" \
            "$p99" "$(calculate "$p99 - $(figure single routed 7)")" "$(against single "$path" nft 5)"
    done
    note 'One client asks again over a kept connection as soon as it has its answer; added: more than routed without a balancer.'
    table 'Delay of a request without other load' path 'p50 µs' 'added µs' 'p99 µs' 'added p99 µs' 'p50 × nftables'
}

# measurement_plot KIND TITLE LABEL
measurement_plot() {
    local kind=$1 path
    for path in "${PATHS[@]}"; do
        # shellcheck disable=SC2046
        series "$(title_of "$path")" $(figures "$kind" "$path" 4 | awk '{ print NR "," $1 }')
    done
    plot "$2" measurement linear "$3" linear
}

# targets_of KIND TEXT LEAST-OF-NFTABLES LEAST-OF-HAPROXY
targets_of() {
    local path
    for path in nat dr; do
        target_against "$1" "$path" nft "$2, $(title_of "$path") against nftables" "$3"
        target_against "$1" "$path" haproxy "$2, $(title_of "$path") against HAProxy" "$4"
    done
}

# target_against KIND PATH PEER TEXT LEAST
target_against() {
    local -a rounds
    mapfile -t rounds < <(ratios "$1" "$2" "$3" 4)
    target "$4" × "$(median "${rounds[@]}")" '>=' "$5" \
        "rounds: $(least "${rounds[@]}") to $(greatest "${rounds[@]}")" "$(against "$1" "ref$2" "$3" 4)"
}

report() {
    setting rounds "$ROUNDS of $SECONDS_EACH s for each figure$(by_size '' '' ', twice as many for bulk'); paths in turn, in reversed order every other round; a client alone in a third of them; all programs begin anew every $ROUNDS_OF_A_PROCESS rounds"
    setting machine "client, balancer and server share $(nproc) cores"
    setting 'congestion control' "$(in_ns tcpnat client sysctl -n net.ipv4.tcp_congestion_control), as the host has it"
    setting offloads 'as veth has them: TSO, GSO, checksums'
    setting ulvs "one worker, ${ULVS_BENCH_DATAPLANE:-default configuration: it stays on the last CPU}"
    setting reference 'C over the same rings, which rewrites by two addresses; it sleeps as a worker does and stays on the same CPU'
    setting haproxy "$(haproxy -v | head -n 1 | cut -d' ' -f1-3), mode tcp, a thread a core"
    setting nftables "$(nft --version), DNAT with conntrack"
    setting clients "wrk with $CLIENTS connections in one thread; nginx with one worker answers 6 bytes"
    setting iperf3 'one stream, from the client to the server'
    note 'Median of the rounds, the least and the most of them. A ratio is the median of the ratios of each round.'
    rate_table bulk 'Bulk: iperf3, one stream' Gbit/s
    note "$(awk '$3 > 0 { n += $8 } END { print n + 0 }' "$SAMPLES") requests failed in the counted rounds of all paths."
    note 'p50 and p99 are of a request under that load: with every core in use they follow from the rate.'
    rate_table request 'Requests, a connection each' requests/s
    rate_table keepalive 'Requests over connections that are kept' requests/s
    delay_table
    measurement_plot bulk 'iperf3, each measurement' Gbit/s
    measurement_plot request 'Requests of a connection each, each measurement' requests/s
    measurement_plot keepalive 'Requests over kept connections, each measurement' requests/s
    targets_of bulk iperf3 0.95 1.8
    targets_of request 'requests, a connection each' 1.0 1.0
    targets_of keepalive 'requests, kept connections' 1.0 1.0
    json_write tcp "$RUNDIR/tcp.json"
}

# one_round NUMBER: every kind on every path; the delay of one client alone in every third round.
one_round() {
    local round=$1 kind path
    # Bulk depends most on where the scheduler puts whom, so it has two measurements a round.
    for kind in bulk request $(by_size '' '' bulk) keepalive single; do
        [ "$kind" != single ] || [ $((round % 3)) -eq 1 ] || continue
        for path in $(in_turn "$round" "${TURNS[@]}"); do
            measure "$kind" "$path" "$round"
        done
    done
}

# Not counted: in it the code of the dataplanes is compiled, some of it when another kind has come in between.
warm_up() {
    local kind path
    for kind in $(by_size '' 'request keepalive bulk' 'bulk request keepalive request bulk'); do
        for path in nat dr; do
            measure "$kind" "$path" 0
        done
    done
}

# All programs of all paths begin anew: two processes of one program differ by a tenth for as long as they live.
paths_anew() {
    local path
    paths_down
    for path in "${PATHS[@]}"; do
        path_up "$path"
    done
    warm_up
}

main() {
    local round
    bench_arguments tcp "$@"
    ROUNDS=$(by_size 1 3 12) SAMPLES=$RUNDIR/tcp.samples
    bench_prepare
    mkdir -p "$STATE"
    trap cleanup EXIT
    trap 'exit 143' INT TERM
    : >"$SAMPLES"
    for ((round = 1; round <= ROUNDS; round++)); do
        say "   tcp: round $round of $ROUNDS"
        [ $(((round - 1) % ROUNDS_OF_A_PROCESS)) -ne 0 ] || paths_anew
        one_round "$round"
    done
    report
}

# In one piece, so that an edit of this file does not disturb a run.
main "$@"; exit
