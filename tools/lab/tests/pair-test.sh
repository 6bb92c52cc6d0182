# shellcheck shell=bash
# Two directors under pulse: takeover, failback, checks, and what survives the death of which half.

lab() { "$ULVS_ROOT/ulvs" lab "$@"; }
pair() { lab up --pair --reals 2; }

# until SECONDS COMMAND…: tries until it succeeds.
until_done() {
    local deadline=$(($(now_ms) + $1 * 1000))
    shift
    until "$@"; do
        [ "$(now_ms)" -lt "$deadline" ] || fail "never happened: $*"
        sleep 0.1
    done
}

state_is() { [ "$(pulse_state "$1")" = "$2" ]; }
one_request() { in_node client curl -sf -o /dev/null -m 1 "http://$VIP/"; }
table_has() { director_ipvsadm "$1" -Sn | grep -qF -- "$2"; }
table_lacks() { ! table_has "$1" "$2"; }

should_serve_by_one_director_and_hold_nothing_on_the_other() {
    pair
    state_is director active || fail "the primary is not active but $(pulse_state director)"
    until_done 10 state_is backup standby
    one_request || fail "no answer"
    equal "table of the standby" "" "$(director_ipvsadm backup -Sn)"
    until_done 10 grep -q 'gratuitous lvs arps finished' "$(log_file director/pulse)"
    "$ULVS_ROOT/ulvs" status --dir "$(director_dir director)" | grep -q 'partner .* alive, standby' \
        || fail "status does not show the partner"
}

should_take_over_from_a_killed_director_and_give_back() {
    pair
    drill_kill director
    until_done 10 state_is backup active
    until_done 5 one_request
    drill_restore
    until_done 30 state_is director active
    until_done 10 state_is backup standby
    until_done 5 one_request
    "$ULVS_ROOT/ulvs" journal --dir "$(director_dir backup)" | grep -q 'partner dead: activating lvs' \
        || fail "the journal does not know of the takeover"
}

should_take_a_dead_server_out_and_let_it_return() {
    pair
    until_done 10 table_has director "10.11.12.1:80"
    lab stop real1/nginx
    until_done 10 table_lacks director "10.11.12.1:80"
    equal "answers" "real2" "$(curl_many 10 "http://$VIP/" | sort -u)"
    lab start real1/nginx
    until_done 15 table_has director "10.11.12.1:80"
}

should_quiesce_a_dead_server_where_told_so() {
    pair
    sed -i 's/^serial_no = .*/serial_no = 2/; s/^     reentry = 2/     reentry = 2\n     quiesce_server = 1/' \
        "$(lvs_cf director)"
    run_on_director director pulse reload
    lab stop real1/nginx
    until_done 10 table_has director "-r 10.11.12.1:80 -m -w 0"
    lab start real1/nginx
    until_done 15 table_has director "-r 10.11.12.1:80 -m -w 1"
    # The backup has had the configuration pushed to it.
    until_done 10 cmp -s "$(lvs_cf director)" "$(lvs_cf backup)"
}

should_forward_on_while_pulse_is_dead_and_change_nothing_at_its_restart() {
    pair
    stop_process backup/pulse
    until_done 10 table_has director "10.11.12.2:80"
    local before
    before=$(director_ipvsadm director -Sn | sort)
    kill -KILL "$(process_pid director/pulse)"
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    start_process director/pulse
    until_done 20 state_is director active
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    equal "table" "$before" "$(director_ipvsadm director -Sn | sort)"
    grep -q 'the dataplane is serving already' "$(log_file director/pulse)" \
        || fail "pulse did not notice that the dataplane serves"
}

should_refill_a_dataplane_that_comes_back_empty() {
    pair
    stop_process backup/pulse
    until_done 10 table_has director "10.11.12.2:80"
    kill -KILL "$(process_pid director/dataplane)"
    until_done 5 grep -q 'dataplane is dead' "$(log_file director/pulse)"
    rm -f "$(director_dir director)"/*.dat
    dataplane_up director
    until_done 10 table_has director "10.11.12.2:80"
    until_done 10 one_request
}

should_announce_an_address_by_send_arp() {
    lab up --without-dataplane --reals 1
    local said
    in_node client timeout 10 tcpdump -i eth0 -c 2 -e -n -l arp and host 192.168.26.77 >"$RUN/log/arp" 2>/dev/null &
    sleep 1
    lab exec director "$ULVS_ROOT/ulvs" send_arp -i eth0 192.168.26.77 02:00:00:00:00:77 192.168.26.255 ffffffffffff
    wait $!
    said=$(<"$RUN/log/arp")
    grep -q '02:00:00:00:00:77 > ff:ff:ff:ff:ff:ff.*length 60.*Reply 192.168.26.77 is-at 02:00:00:00:00:77' <<<"$said" \
        || fail "no reply: $said"
    grep -q '02:00:00:00:00:77 > ff:ff:ff:ff:ff:ff.*Request who-has 192.168.26.77.*tell 192.168.26.77' <<<"$said" \
        || fail "no request: $said"
}
