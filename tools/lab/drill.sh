# shellcheck shell=bash
# Kills, cuts and restores the directors of a pair in turn under traffic, and tells the outage of each step.
# Sourced, never run.

readonly DRILL_PAUSE=2

drill_usage() {
    cat <<'END'
Usage: ./ulvs lab drill [--max-outage MS]

With a pair up (./ulvs lab up --pair): runs curl against the virtual IP as fast as it goes and iperf3 beside it, then
kills, cuts and restores the directors in turn. Prints for each step which director serves afterwards and the longest
time in which no request was answered.

  --max-outage   fail when an outage is longer (default 1000 ms where a director is lost, 500 ms for planned switches)
END
}

lab_drill() {
    local most=1000
    while [ $# -gt 0 ]; do
        case $1 in
            --max-outage) [ $# -ge 2 ] || usage_error "lab drill: $1 needs a value"; number "$1" "$2" 1 9999; most=$2; shift ;;
            *) usage_error "lab drill: unknown argument \"$1\"" ;;
        esac
        shift
    done
    need_root "the lab"
    need_lab
    [ "$CONFIG_PAIR" = yes ] || die "the lab that is up has one director: ./ulvs lab up --pair makes two"
    lab_lock
    DRILL_LOG=$RUN/log/drill-curl.log
    DRILL_FAILED=0
    drill_restore
    drill_wait_for director 60
    drill_traffic
    trap drill_end EXIT
    sleep "$DRILL_PAUSE"
    printf '%-58s %-9s %10s %9s %7s\n' STEP ACTIVE "OUTAGE ms" ANSWERED FAILED
    drill_step "nothing happens" 500 director true
    drill_step "director: pulse and dataplane killed with -9" "$most" backup drill_kill director
    drill_step "director: started again, takes over (failback)" 500 director drill_restore
    drill_step "director: public link cut" "$most" backup drill_link director public down
    drill_step "director: link restored, takes over (failback)" 500 director drill_link director public up
    drill_step "director: both links cut" "$most" backup drill_cut director
    drill_step "director: links restored, takes over (failback)" 500 director drill_mend director
    drill_step "director: dataplane alone killed with -9" "$((most + 1000))" backup drill_kill_dataplane director
    drill_step "director: dataplane started again (failback)" 500 director drill_restore
    drill_step "backup: everything killed with -9" 500 director drill_kill backup
    drill_step "backup: started again" 500 director drill_restore
    drill_step "planned switch to the backup" 500 backup run_on_director director pulse standby
    drill_step "planned switch back" 500 director run_on_director director pulse takeover
    drill_step "director: pulse stopped in order" 500 backup stop_process director/pulse
    drill_step "director: pulse started again (failback)" 500 director drill_restore
    drill_end
    trap - EXIT
    drill_iperf
    [ "$DRILL_FAILED" -eq 0 ] || die "$DRILL_FAILED step(s) took longer than allowed or ended on the wrong director"
}

# Requests one after another; a line for each: time in µs, what came.
drill_traffic() {
    : >"$DRILL_LOG"
    # shellcheck disable=SC2016 # to be expanded in the client
    setsid ip netns exec "$(namespace client)" bash -c '
        while :; do
            if curl -s -o /dev/null --connect-timeout 0.1 -m 0.3 "http://$1/"; then
                echo "${EPOCHREALTIME//[.,]/} ok"
            else
                echo "${EPOCHREALTIME//[.,]/} failed"
            fi
        done' bash "$VIP" >>"$DRILL_LOG" 2>/dev/null 9>&- </dev/null &
    DRILL_CURL=$!
    # shellcheck disable=SC2016
    setsid ip netns exec "$(namespace client)" bash -c '
        while :; do
            iperf3 -c "$1" -p "$2" -b 50M -t 2 --connect-timeout 300 >/dev/null 2>&1 && echo ok || echo failed
            sleep 0.1
        done' bash "$VIP" "$IPERF_PORT" >"$RUN/log/drill-iperf3.log" 2>/dev/null 9>&- </dev/null &
    DRILL_IPERF=$!
}

drill_end() {
    kill -- "-$DRILL_CURL" "-$DRILL_IPERF" 2>/dev/null || true
}

drill_iperf() {
    local good bad
    good=$(grep -c ok "$RUN/log/drill-iperf3.log") || true
    bad=$(uniq "$RUN/log/drill-iperf3.log" | grep -c failed) || true
    say "iperf3 runs of 2 s: $good finished, broken off $bad times by a switch (connections stay behind when addresses move)"
}

# drill_step TEXT MOST EXPECTED COMMAND…
drill_step() {
    local text=$1 most=$2 expected=$3 from answered failed outage mark=
    shift 3
    from=${EPOCHREALTIME//[.,]/}
    "$@" >/dev/null
    drill_wait_for "$expected" 30 || true
    sleep "$DRILL_PAUSE"
    read -r outage answered failed <<<"$(awk -v from="$from" '
        $1 < from { if ($2 == "ok") last = $1; next }
        $2 == "ok" { if (last && $1 - last > most) most = $1 - last; last = $1; ok++; next }
        { bad++ }
        END { printf "%d %d %d\n", most / 1000, ok, bad }' "$DRILL_LOG")"
    if [ "$outage" -gt "$most" ] || [ "$ACTIVE" != "$expected" ] || [ "$answered" -eq 0 ]; then
        mark=' <- not as it should be'
        DRILL_FAILED=$((DRILL_FAILED + 1))
    fi
    printf '%-58s %-9s %10s %9s %7s%s\n' "$text" "$ACTIVE" "$outage" "$answered" "$failed" "$mark"
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
