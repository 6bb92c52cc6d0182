# shellcheck shell=bash
# The lab itself: nodes, servers, and that it comes and goes cleanly.

lab() { "$ULVS_ROOT/ulvs" lab "$@"; }

should_give_every_node_its_addresses() {
    lab up --without-dataplane --method dr --reals 2
    equal "client" "eth0 192.168.26.100/24" "$(node_addresses client)"
    equal "director" "eth0 192.168.26.9/24 eth1 10.11.12.9/24" "$(node_addresses director | xargs)"
    equal "real2" "lo 192.168.26.10/32 eth1 10.11.12.2/24 eth0 192.168.26.122/24" "$(node_addresses real2 | xargs)"
}

should_answer_on_every_real_server() {
    lab up --without-dataplane
    local i
    for i in 1 2 3; do
        equal "body of real$i" "real$i" "$(lab exec director curl -sm 5 "http://10.11.12.$i/any/path")"
        lab exec director "$LAB_TOOLS/udp-probe" "10.11.12.$i" 7 4000 3 0
        lab exec director iperf3 -c "10.11.12.$i" -n 1M >/dev/null
    done
}

should_replace_a_lab_of_other_settings() {
    lab up --without-dataplane --reals 2
    lab up --without-dataplane --reals 1
    equal "namespaces" "$LAB-client $LAB-director $LAB-net $LAB-real1" "$(lab_namespaces | xargs)"
    equal "gateway" "10.11.12.10" "$(lab exec real1 ip route show default | awk '{ print $3 }')"
}

should_keep_a_lab_that_is_right_and_restart_what_died() {
    local before
    lab up --without-dataplane
    before=$(process_pid real1/nginx)
    kill -KILL "$(process_pid real2/echo)"
    lab up --without-dataplane
    equal "pid of nginx" "$before" "$(process_pid real1/nginx)"
    process_running real2/echo || fail "the echo server was not started again"
}

should_come_up_over_what_a_killed_run_left() {
    ip netns add "$LAB-real7"
    rm -f "$RUN/network"
    lab up --without-dataplane
    [ ! -e "/run/netns/$LAB-real7" ] || fail "real7 is still there"
}

should_not_kill_a_process_that_took_over_an_old_pid() {
    lab up --without-dataplane
    sleep 60 &
    printf '%s 1\n' $! >"$RUN/real1/iperf3.pid"
    lab down
    kill $! || fail "a process that is not the lab's was killed"
}

should_go_down_twice_and_leave_nothing() {
    lab up --without-dataplane
    lab down
    lab down
    equal "namespaces" "" "$(lab_namespaces)"
    [ ! -e "$RUN" ] || fail "$RUN is still there"
}

should_refuse_wrong_usage_with_exit_code_2() {
    local status words
    for words in "up --reals 0" "up --method ipvs" "up --reals" "exec nowhere true" "fly" "stop real9/nginx"; do
        status=0
        # shellcheck disable=SC2086
        [[ $words != exec* && $words != stop* ]] || lab up --without-dataplane >/dev/null
        # shellcheck disable=SC2086
        lab $words >/dev/null 2>&1 || status=$?
        equal "exit code of lab $words" 2 "$status"
    done
}

should_hold_nothing_of_its_caller() {
    local id pid descriptor
    # shellcheck disable=SC2034
    exec {descriptor}<"$ULVS_ROOT/README.md"
    lab up --without-dataplane
    config_load
    for id in $(lab_processes); do
        pid=$(process_pid "$id")
        ! find "/proc/$pid/fd" -lname "$ULVS_ROOT/README.md" -o -lname /run | grep -q . \
            || fail "$id holds a file of the program that started it"
    done
}
