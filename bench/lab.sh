# shellcheck shell=bash
# The network of the benchmarks: a client, a director and a server for each path, side by side. Sourced, never run.

# All names on this machine begin with it; two runs of one machine wait for each other.
readonly BENCH=ulvs-bench
readonly BENCH_VIP=10.81.0.10 BENCH_CLIENT=10.81.0.2 BENCH_SERVER=10.82.0.2 BENCH_PORT=9
readonly BENCH_TOOLS=$ULVS_ROOT/bench/target
# A server that drops what it gets after the tap: frames are addressed to another station.
readonly NOBODY_MAC=02:82:00:00:00:fe DIRECTOR_MAC=02:81:00:00:00:01 SERVER_MAC=02:82:00:00:00:02
readonly CLIENT_MAC=02:81:00:00:00:02

# Words before a command: FILE COMMAND…, which writes the time of the day into the file, in microseconds, and execs it.
# shellcheck disable=SC2016  # bash expands it later
readonly STAMPED=(bash -c 'printf %s "${EPOCHREALTIME//[!0-9]/}" >"$1"; shift; exec "$@"' stamped)

# bench_ns PATH client|director|server
bench_ns() { printf '%s-%s-%s' "$BENCH" "$1" "$2"; }
# in_ns PATH NODE COMMAND…
in_ns() {
    local ns
    ns=$(bench_ns "$1" "$2")
    shift 2
    ip netns exec "$ns" "$@"
}

# network_make PATH SERVER-MAC: client eth0 – eth0 director eth1 – eth0 server; neighbours are fixed.
network_make() {
    local path=$1 mac=$2 node ns
    network_remove "$path"
    mkdir -p "$(bench_dir "$path")"
    for node in client director server; do
        ns=$(bench_ns "$path" "$node")
        ip netns add "$ns"
        ip -n "$ns" link set lo up
        ip netns exec "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    done
    ip -n "$(bench_ns "$path" client)" link add eth0 address "$CLIENT_MAC" type veth \
        peer name eth0 address "$DIRECTOR_MAC" netns "$(bench_ns "$path" director)"
    ip -n "$(bench_ns "$path" server)" link add eth0 address "$SERVER_MAC" type veth \
        peer name eth1 address 02:82:00:00:00:01 netns "$(bench_ns "$path" director)"
    ip -n "$(bench_ns "$path" client)" address add "$BENCH_CLIENT/24" dev eth0
    ip -n "$(bench_ns "$path" director)" address add 10.81.0.1/24 dev eth0
    ip -n "$(bench_ns "$path" director)" address add 10.82.0.1/24 dev eth1
    ip -n "$(bench_ns "$path" server)" address add "$BENCH_SERVER/24" dev eth0
    for node in client director server; do
        ip -n "$(bench_ns "$path" "$node")" link set eth0 up
    done
    ip -n "$(bench_ns "$path" director)" link set eth1 up
    ip -n "$(bench_ns "$path" client)" route add default via 10.81.0.1
    ip -n "$(bench_ns "$path" server)" route add default via 10.82.0.1
    ip -n "$(bench_ns "$path" director)" neighbour add "$BENCH_SERVER" lladdr "$mac" nud permanent dev eth1
    ip -n "$(bench_ns "$path" director)" neighbour add "$BENCH_CLIENT" lladdr "$CLIENT_MAC" nud permanent dev eth0
    ip netns exec "$(bench_ns "$path" director)" sysctl -qw net.ipv4.ip_forward=1
}

network_remove() {
    local node ns pid
    for node in client director server; do
        ns=$(bench_ns "$1" "$node")
        [ -e "/run/netns/$ns" ] || continue
        for pid in $(ip netns pids "$ns"); do
            kill -KILL "$pid" 2>/dev/null || true
        done
        ip netns delete "$ns"
    done
    rm -rf "$(bench_dir "$1")"
}

# Where a path's director has its files, and the time of its last exec.
bench_dir() { printf '/run/%s-%s' "$BENCH" "$1"; }
exec_file() { printf '%s/exec' "$(bench_dir "$1")"; }

# The DATAPLANE of a path in its director's namespace, as the launcher starts it; sets ULVS_PID.
ulvs_launch() {
    local path=$1 dir
    shift
    dir=$(bench_dir "$path")
    (
        exec ip netns exec "$(bench_ns "$path" director)" setsid "${STAMPED[@]}" "$(exec_file "$path")" \
            "${DATAPLANE[@]}" --dir "$dir" --outside eth0 --inside eth1 "$@" \
            </dev/null >"$dir/log" 2>&1 8>&- 9>&-
    ) &
    ULVS_PID=$!
    disown "$ULVS_PID"
}

# ulvs_start PATH OPTION…: waits until it answers.
ulvs_start() {
    local path=$1 deadline
    ulvs_launch "$@"
    deadline=$(($(now_ms) + 30000))
    until bench_ipvsadm "$path" -Ln >/dev/null 2>&1; do
        [ "$(now_ms)" -lt "$deadline" ] || die "the dataplane did not start: $(tail -n 5 "$(bench_dir "$path")/log")"
        sleep 0.1
    done
}

# Ends the dataplane of ULVS_PID; with KILL its rules and files stay.
ulvs_stop() {
    local deadline=$(($(now_ms) + 10000))
    kill "-${1:-TERM}" "$ULVS_PID" 2>/dev/null || return 0
    while kill -0 "$ULVS_PID" 2>/dev/null && [ "$(now_ms)" -lt "$deadline" ]; do
        sleep 0.05
    done
}

bench_ipvsadm() {
    local path=$1
    shift
    in_ns "$path" director env ULVS_DIR="$(bench_dir "$path")" "$ULVS_ROOT/tools/bin/ipvsadm" "$@"
}

# The virtual service of the benchmarks, masqueraded to the server.
ulvs_service() {
    bench_ipvsadm "$1" -A -u "$BENCH_VIP:$BENCH_PORT" -s rr
    bench_ipvsadm "$1" -a -u "$BENCH_VIP:$BENCH_PORT" -r "$BENCH_SERVER:$BENCH_PORT" -m
}

nftables_start() {
    in_ns "$1" director "${STAMPED[@]}" "$(exec_file "$1")" nft -f - <<END
table ip bench {
    chain incoming {
        type nat hook prerouting priority dstnat;
        ip daddr $BENCH_VIP udp dport $BENCH_PORT dnat to $BENCH_SERVER:$BENCH_PORT
    }
}
END
}

# keep_host_out PATH INTERFACE MATCH…: from what comes in there, as the dataplane does it.
keep_host_out() {
    local path=$1 interface=$2
    shift 2
    in_ns "$path" director nft -f - <<END
table netdev bench {
    chain $interface {
        type filter hook ingress device $interface priority -450;
        $* drop
    }
}
END
}

# reference_start PATH blocks|slots CPU|last
reference_start() {
    local path=$1 kind=$2 cpu=$3
    keep_host_out "$path" eth0 ip daddr "$BENCH_VIP"
    setsid "$BENCH_TOOLS/forwarder" "$(bench_ns "$path" director):eth0" "$(bench_ns "$path" director):eth1" \
        "$BENCH_VIP:$BENCH_PORT" "$BENCH_SERVER:$BENCH_PORT" "$NOBODY_MAC" "$kind" "$cpu" 1800 </dev/null 8>&- 9>&- &
    disown $!
}

# trial PATH ARGUMENT…: sends from the client to the virtual service, counts at the server.
trial() {
    local path=$1
    shift
    "$BENCH_TOOLS/trial" --from "$(bench_ns "$path" client):eth0" --to "$(bench_ns "$path" server):eth0" \
        --napi "$(bench_ns "$path" director):eth0" --mac "$DIRECTOR_MAC" \
        --source "$BENCH_CLIENT" --target "$BENCH_VIP:$BENCH_PORT" "$@"
}
