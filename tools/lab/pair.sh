# shellcheck shell=bash disable=SC2034 # ACTIVE is read by the drill
# Two directors that run pulse from a common lvs.cf. Sourced, never run.

lvs_cf() { printf '%s/%s/lvs.cf' "$RUN" "$1"; }

# The lvs.cf of both directors. Heartbeats and checks are quicker than Piranha could: a lab has no time.
pair_lvs_cf() {
    local network
    case $CONFIG_METHOD in
        nat) network=nat ;;
        dr) network=direct ;;
        tun) network=tunnel ;;
    esac
    cat <<END
serial_no = 1
primary = $(public_address director)
primary_private = $(private_address director)
service = lvs
backup_active = 1
backup = $(public_address backup)
backup_private = $(private_address backup)
heartbeat = 1
heartbeat_port = $HEARTBEAT_PORT
keepalive = 0.1
deadtime = 0.3
network = $network
nat_router = $NAT_ROUTER $PRIVATE_DEVICE:1
nat_nmask = 255.255.255.0
debug_level = NONE
monitor_links = 1
peer_secret = $RUN/peer.secret
failback_delay = 3
pulse_grace = 30
arp_interval = 0.2
END
    pair_virtual web tcp "$WEB_PORT" 'send = "GET / HTTP/1.0\r\n\r\n"' 'expect = "HTTP"'
    pair_virtual iperf tcp "$IPERF_PORT" 'check = connect' 'persistent = 60'
    pair_virtual echo udp "$ECHO_PORT" 'send = "are you there"' 'expect = "are you there"'
}

# pair_virtual NAME PROTOCOL PORT LINE…
pair_virtual() {
    local name=$1 protocol=$2 port=$3 line node
    shift 3
    printf '\nvirtual %s {\n     active = 1\n     address = %s %s:1\n' "$name" "$VIP" "$PUBLIC_DEVICE"
    printf '     vip_nmask = 255.255.255.0\n     port = %s\n' "$port"
    for line in "$@"; do
        printf '     %s\n' "$line"
    done
    printf '     scheduler = %s\n     protocol = %s\n' "$CONFIG_SCHEDULER" "$protocol"
    printf '     timeout = 1\n     reentry = 2\n     slow_start = 0\n'
    for node in $(reals); do
        printf '     server %s {\n         address = %s\n         active = 1\n         weight = 1\n     }\n' \
            "$node" "$(private_address "$node")"
    done
    printf '}\n'
}

pair_up() {
    local node
    if [ ! -e "$RUN/peer.secret" ]; then
        (umask 077 && head -c 32 /dev/urandom | sha256sum | cut -c1-64 >"$RUN/peer.secret")
    fi
    for node in $(directors); do
        mkdir -p "$RUN/$node"
        [ -e "$(lvs_cf "$node")" ] || pair_lvs_cf >"$(lvs_cf "$node")"
        dataplane_up "$node"
    done
    for node in $(directors); do
        start_process "$node/pulse"
    done
    await_active 30
}

# Waits until one director serves and says which; fails after so many seconds.
await_active() {
    local deadline node
    deadline=$(($(now_ms) + $1 * 1000))
    while [ "$(now_ms)" -lt "$deadline" ]; do
        for node in $(directors); do
            if [ "$(pulse_state "$node")" = active ]; then
                # shellcheck disable=SC2034  # those who call this read it
                ACTIVE=$node
                return 0
            fi
        done
        sleep 0.1
    done
    tail -n 20 "$(log_file director/pulse)" "$(log_file backup/pulse)" >&2 || true
    die "no director has become active"
}

# active, standby, activating, deactivating; nothing where pulse does not run. A killed pulse leaves its file behind.
pulse_state() {
    local pid
    pid=$(process_pid "$1/pulse") || return 0
    sed -n 's/^{"pid":'"$pid"',.*"state":"\([a-z]*\)","configurationFile".*/\1/p' "$(director_dir "$1")/pulse/status.json" 2>/dev/null || true
}
