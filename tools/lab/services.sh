# shellcheck shell=bash
# The dataplane of a director and the virtual services of the lab. Sourced, never run.

# director_ipvsadm NODE ARGUMENT…
director_ipvsadm() {
    local node=$1
    shift
    in_node "$node" env ULVS_DIR="$(director_dir "$node")" "$ULVS_ROOT/tools/bin/ipvsadm" "$@"
}

dataplane_up() {
    local node=$1
    start_process "$node/dataplane"
    await_dataplane "$node"
}

await_dataplane() {
    local node=$1 deadline
    deadline=$(($(now_ms) + 30000))
    while process_running "$node/dataplane" && [ "$(now_ms)" -lt "$deadline" ]; do
        director_ipvsadm "$node" -Ln >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    tail -n 20 "$(log_file "$node/dataplane")" >&2 || true
    die "the dataplane of $node did not start; its log is $(log_file "$node/dataplane")"
}

# The table of the lab in the form that ipvsadm -R reads. iperf3 opens several connections that must reach one server.
services_text() {
    local service flag node
    case $CONFIG_METHOD in
        nat) flag=-m ;;
        dr) flag=-g ;;
        tun) flag=-i ;;
    esac
    for service in "-t $VIP:$WEB_PORT" "-t $VIP:$IPERF_PORT" "-u $VIP:$ECHO_PORT"; do
        case $service in
            *:"$IPERF_PORT") printf -- '-A %s -s %s -p 60\n' "$service" "$CONFIG_SCHEDULER" ;;
            *) printf -- '-A %s -s %s\n' "$service" "$CONFIG_SCHEDULER" ;;
        esac
        for node in $(reals); do
            printf -- '-a %s -r %s:%s %s -w 1\n' "$service" "$(private_address "$node")" "${service##*:}" "$flag"
        done
    done
}

services_up() {
    local node=$1
    director_ipvsadm "$node" -C
    services_text | director_ipvsadm "$node" -R
}
