# shellcheck shell=bash
# Kills, cuts and restores the directors of a pair in turn under traffic, and tells the outage of each step.
# Sourced, never run.

# How long each step lasts after the right director serves, and how many clients ask at a time.
readonly DRILL_PAUSE=2 DRILL_CLIENTS=3

drill_usage() {
    cat <<'END'
Usage: ./ulvs lab drill [--max-outage MS] [--json]

With a pair up (./ulvs lab up --pair): three clients ask the virtual IP for a page with curl, one request after another;
beside them one sends a datagram to the echo each 5 ms, and iperf3 runs; the directors are killed, cut and restored in
turn. Prints for each step which director serves afterwards, the longest time in which none of the three got a page (a
request that a switch breaks keeps its client busy until it gives up, 100 to 300 ms), the longest time without an echoed
datagram, and how many requests were answered and failed.

  --max-outage   fail when an outage is longer (default 500 ms where a director is lost, 250 ms for planned switches,
                 1000 ms where only the dataplane is lost, which has a deadtime to come back)
  --json         one JSON object instead of the table

Keepalive, deadtime and the rest are in /run/ulvs-lab/director/lvs.cf. A machine that is busy adds its own delays.
END
}

lab_drill() {
    local lost=500 planned=250 dataplane=1000
    DRILL_FORM=table
    while [ $# -gt 0 ]; do
        case $1 in
            --max-outage)
                [ $# -ge 2 ] || usage_error "lab drill: $1 needs a value"
                number "lab drill" "$1" "$2" 1 9999
                lost=$((10#$2)) planned=$((10#$2)) dataplane=$((10#$2))
                shift
                ;;
            --json) DRILL_FORM=json ;;
            *) usage_error "lab drill: unknown argument \"$1\"; ./ulvs lab drill --help explains it" ;;
        esac
        shift
    done
    need_root "the lab"
    need_lab
    [ "$CONFIG_PAIR" = yes ] || die "the lab that is up has one director: ./ulvs lab up --pair makes two"
    lab_lock
    DRILL_LOG=$RUN/log/drill-curl.log
    DRILL_UDP_LOG=$RUN/log/drill-udp.log
    DRILL_FAILED=0
    drill_mend director
    drill_restore
    drill_wait_for director 60 || die "the primary does not serve"
    drill_traffic
    trap drill_end EXIT
    sleep "$DRILL_PAUSE"
    drill_head
    drill_step "nothing happens" "$planned" director true
    drill_step "director: everything killed with -9" "$lost" backup drill_kill director
    drill_step "director: started again, takes over (failback)" "$planned" director drill_restore
    drill_step "director: pulse alone killed with -9, started again" "$planned" director drill_kill_pulse director
    drill_step "director: dataplane alone killed with -9" "$dataplane" backup drill_kill_dataplane director
    drill_step "director: dataplane started again (failback)" "$planned" director drill_restore
    drill_step "director: public link cut" "$lost" backup drill_link director public down
    drill_step "director: link restored (failback)" "$planned" director drill_link director public up
    drill_step "director: both links cut" "$lost" backup drill_cut director
    drill_step "director: links restored (failback)" "$planned" director drill_mend director
    drill_step "backup: everything killed with -9" "$planned" director drill_kill backup
    drill_step "backup: started again" "$planned" director drill_restore
    drill_step "planned switch to the backup" "$planned" backup run_on_director director pulse standby
    drill_step "planned switch back" "$planned" director run_on_director director pulse takeover
    drill_step "director: pulse stopped in order" "$planned" backup stop_process director/pulse
    drill_step "director: pulse started again (failback)" "$planned" director drill_restore
    drill_end
    trap - EXIT
    drill_tail
    [ "$DRILL_FAILED" -eq 0 ] || die "$DRILL_FAILED step(s) took longer than allowed or ended on the wrong director"
}

drill_head() {
    DRILL_STEPS=0
    if [ "$DRILL_FORM" = json ]; then
        printf '{"method":"%s","reals":%d,"steps":[' "$CONFIG_METHOD" "$CONFIG_REALS"
    else
        printf '%-52s %-9s %9s %7s %9s %7s\n' "STEP ($CONFIG_METHOD)" ACTIVE "OUTAGE ms" "UDP ms" ANSWERED FAILED
    fi
}

drill_tail() {
    local good bad
    good=$(grep -c ok "$RUN/log/drill-iperf3.log") || true
    bad=$(uniq "$RUN/log/drill-iperf3.log" | grep -c failed) || true
    if [ "$DRILL_FORM" = json ]; then
        printf '],\n"iperf3":{"finished":%d,"brokenOff":%d},"failed":%d}\n' "$good" "$bad" "$DRILL_FAILED"
    else
        say "iperf3 runs of 2 s: $good finished, broken off $bad times by a switch (connections stay behind when addresses move)"
    fi
}

# Requests one after another; a line for each: time in µs, what came.
drill_traffic() {
    local i
    DRILL_PIDS=()
    : >"$DRILL_LOG"
    for ((i = 0; i < DRILL_CLIENTS; i++)); do
        # shellcheck disable=SC2016 # to be expanded in the client
        setsid ip netns exec "$(namespace client)" bash -c '
            while :; do
                if curl -s -o /dev/null --connect-timeout 0.1 -m 0.3 "http://$1/"; then
                    echo "${EPOCHREALTIME//[.,]/} ok"
                else
                    echo "${EPOCHREALTIME//[.,]/} failed"
                fi
                read -r -t 0.005 <><(:)
            done' bash "$VIP" >>"$DRILL_LOG" 2>/dev/null 9>&- </dev/null &
        DRILL_PIDS+=("-$!")
    done
    # One byte a datagram, since bash reads byte by byte.
    # shellcheck disable=SC2016
    setsid ip netns exec "$(namespace client)" bash -c '
        exec 3<>"/dev/udp/$1/$2"
        while :; do
            echo >&3
            read -r -t 0.005 <><(:)
        done &
        while :; do
            read -r <&3 && echo "${EPOCHREALTIME//[.,]/} ok"
        done' bash "$VIP" "$ECHO_PORT" >"$DRILL_UDP_LOG" 2>/dev/null 9>&- </dev/null &
    DRILL_PIDS+=("-$!")
    # shellcheck disable=SC2016
    setsid ip netns exec "$(namespace client)" bash -c '
        while :; do
            iperf3 -c "$1" -p "$2" -b 50M -t 2 --connect-timeout 300 >/dev/null 2>&1 && echo ok || echo failed
            sleep 0.1
        done' bash "$VIP" "$IPERF_PORT" >"$RUN/log/drill-iperf3.log" 2>/dev/null 9>&- </dev/null &
    DRILL_PIDS+=("-$!")
}

drill_end() {
    kill -- "${DRILL_PIDS[@]}" 2>/dev/null || true
}

# drill_gap LOG FROM: longest time without an answer since then in ms, answers, failures.
drill_gap() {
    # The last line may not be whole yet. Lines of several clients are not quite in order.
    sed '$d' "$1" | sort -n | awk -v from="$2" '
        $1 < from { if ($2 == "ok") last = $1; next }
        $2 == "ok" { if (last && $1 - last > most) most = $1 - last; last = $1; ok++; next }
        { bad++ }
        END { printf "%d %d %d\n", most / 1000, ok, bad }'
}

# drill_step TEXT MOST EXPECTED COMMAND…
drill_step() {
    local text=$1 most=$2 expected=$3 from answered failed outage path well=true
    shift 3
    from=${EPOCHREALTIME//[.,]/}
    "$@" >/dev/null
    drill_wait_for "$expected" 30 || true
    sleep "$DRILL_PAUSE"
    read -r outage answered failed <<<"$(drill_gap "$DRILL_LOG" "$from")"
    read -r path _ <<<"$(drill_gap "$DRILL_UDP_LOG" "$from")"
    if [ "$outage" -gt "$most" ] || [ "$ACTIVE" != "$expected" ] || [ "$answered" -eq 0 ]; then
        well=false
        DRILL_FAILED=$((DRILL_FAILED + 1))
    fi
    DRILL_STEPS=$((DRILL_STEPS + 1))
    if [ "$DRILL_FORM" = json ]; then
        [ "$DRILL_STEPS" -eq 1 ] || printf ','
        printf '\n {"step":%s,"active":"%s","outageMs":%d,"allowedMs":%d,"datagramOutageMs":%d,"answered":%d,"failed":%d,"well":%s}' \
            "$(json_string "$text")" "$ACTIVE" "$outage" "$most" "$path" "$answered" "$failed" "$well"
    else
        [ "$well" = true ] && well='' || well=" <- should be $expected, at most $most ms"
        printf '%-52s %-9s %9s %7s %9s %7s%s\n' "$text" "$ACTIVE" "$outage" "$path" "$answered" "$failed" "$well"
    fi
    drill_iperf_servers
}

# An iperf3 server whose client vanished in a switch serves nobody for minutes.
drill_iperf_servers() {
    local node
    for node in $(reals); do
        stop_process "$node/iperf3"
        start_process "$node/iperf3"
    done
}

# drill_wait_for NODE SECONDS: until that one and no other serves.
drill_wait_for() {
    local deadline node others
    deadline=$(($(now_ms) + $2 * 1000))
    while [ "$(now_ms)" -lt "$deadline" ]; do
        others=0
        ACTIVE=none
        for node in $(directors); do
            if [ "$(pulse_state "$node")" = active ]; then
                ACTIVE=$node
                others=$((others + 1))
            fi
        done
        if [ "$ACTIVE" = "$1" ] && [ "$others" -eq 1 ]; then
            return 0
        fi
        sleep 0.2
    done
    return 1
}

drill_kill() {
    local pid id
    local -a pids=()
    for id in "$1/pulse" "$1/dataplane"; do
        if pid=$(process_pid "$id"); then
            pids+=("$pid")
        fi
    done
    kill -KILL "${pids[@]}"
}

# As a supervisor does: there is a new one at once.
drill_kill_pulse() {
    kill_process "$1/pulse"
    start_process "$1/pulse"
}

drill_kill_dataplane() {
    kill -KILL "$(process_pid "$1/dataplane")"
}

# Starts what does not run.
drill_restore() {
    local node
    for node in $(directors); do
        process_running "$node/dataplane" || dataplane_up "$node"
        start_process "$node/pulse"
    done
}

# drill_link NODE BRIDGE up|down: the far end of the link, so that the node sees its carrier go.
drill_link() {
    ip -n "$(namespace net)" link set "${2:0:3}-$1" "$3"
}

drill_cut() {
    drill_link "$1" public down
    drill_link "$1" private down
}

drill_mend() {
    drill_link "$1" public up
    drill_link "$1" private up
}
