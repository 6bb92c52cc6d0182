# shellcheck shell=bash
# Two directors under pulse: takeover, failback, checks, and what survives the death of which half.

lab() { "$ULVS_ROOT/ulvs" lab "$@"; }
pair() {
    lab up --pair --reals 2
    config_load
}

state_is() { [ "$(pulse_state "$1")" = "$2" ]; }
table_has() { director_ipvsadm "$1" -Sn | grep -qF -- "$2"; }
table_lacks() { ! table_has "$1" "$2"; }

# All servers are up in the table and the addresses have been announced.
settled() {
    [ "$(director_ipvsadm "$1" -Sn | grep -c -- '^-a.* -w 1$')" -eq 6 ] && tail -n 1000 "$(log_file "$1/pulse")" | grep -q 'arps finished'
}
# Its exit code tells whether all is well, which is not asked here.
status_of() { "$ULVS_ROOT/ulvs" status --dir "$(director_dir "$1")" || true; }
grep_status() { status_of "$1" | grep -qF -- "$2"; }
journal_of() { "$ULVS_ROOT/ulvs" journal --dir "$(director_dir "$1")"; }
# Every check has had its first outcome.
said_up() { [ "$(status_of "$1" | grep -c ' up  *weight ')" -eq 6 ]; }
# counter NODE NAME: from the status, which is written each second.
counter() {
    local value
    value=$(grep -o "\"$2\":[0-9]*" "$(director_dir "$1")/pulse/status.json") || true
    printf '%d' "${value##*:}"
}
counted() { [ "$(counter "$1" "$2")" -ge "$3" ]; }

# flood NODE ADDRESS SECONDS: 10,000 datagrams of garbage a second.
flood() {
    # shellcheck disable=SC2016
    in_node "$1" bash -c '
        exec 3>"/dev/udp/$1/$2"
        for ((i = 0; i < 100 * $3; i++)); do
            for ((j = 0; j < 100; j++)); do
                printf "garbage of some length" >&3
            done
            read -r -t 0.01 <><(:) || true
        done' bash "$2" "$HEARTBEAT_PORT" "$3" 2>/dev/null || true
}

# One heartbeat of the backup, in hexadecimal.
capture_beat() {
    in_node director timeout 20 tcpdump -i eth0 -c 1 -s 0 -n -x udp and src host "$(public_address backup)" \
        and dst port "$HEARTBEAT_PORT" 2>/dev/null | sed -n 's/^\t0x[0-9a-f]*: *//p' | tr -d ' \n' | cut -c57- >"$RUN/log/beat"
    equal "digits of a heartbeat" 256 "$(tr -d '\n' <"$RUN/log/beat" | wc -c)"
}

# send_datagram NODE ADDRESS HEXADECIMAL
send_datagram() {
    local escaped='' i
    for ((i = 0; i < ${#3}; i += 2)); do
        escaped+="\\x${3:i:2}"
    done
    # bash alone would begin another datagram after each byte that is a newline
    # shellcheck disable=SC2016
    in_node "$1" bash -c 'printf "$3" | dd bs=64K iflag=fullblock status=none >"/dev/udp/$1/$2"' \
        bash "$2" "$HEARTBEAT_PORT" "$escaped"
}

should_serve_by_one_director_and_hold_nothing_on_the_other() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
    one_request || fail "no answer"
    equal "table of the standby" "" "$(director_ipvsadm backup -Sn)"
    until_done 10 grep -q 'gratuitous lvs arps finished' "$(log_file director/pulse)"
    until_done 10 grep_status director 'alive, standby'
}

should_take_over_from_a_killed_director_and_give_back() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
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
    until_done 20 state_is director active
    until_done 10 table_has director "10.11.12.1:80"
    lab stop real1/nginx
    until_done 10 table_lacks director "10.11.12.1:80"
    equal "answers" "real2" "$(curl_many 10 "http://$VIP/" | sort -u)"
    lab start real1/nginx
    until_done 15 table_has director "10.11.12.1:80"
}

should_quiesce_a_dead_server_where_told_so() {
    pair
    until_done 20 state_is director active
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
    until_done 20 state_is director active
    stop_process backup/pulse
    until_done 10 settled director
    local before journal
    before=$(director_ipvsadm director -Sn | sort)
    kill_process director/pulse
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    : >"$(log_file director/pulse)"
    journal=$(journal_of director | wc -l)
    start_process director/pulse
    until_done 20 state_is director active
    until_done 10 grep -q 'staying active' "$(log_file director/pulse)"
    until_done 10 said_up director
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    equal "table" "$before" "$(director_ipvsadm director -Sn | sort)"
    grep -q 'the dataplane is serving already' "$(log_file director/pulse)" \
        || fail "pulse did not notice that the dataplane serves"
    equal "commands to the dataplane" "" "$(journal_of director | tail -n "+$((journal + 1))" | grep ' table ')"
    ! grep -q 'arps finished' "$(log_file director/pulse)" || fail "what was owned all the time was announced again"
}

should_not_take_over_from_a_director_of_which_only_pulse_has_died() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
    until_done 10 settled director
    local taken
    taken=$(counter backup ACTIVATIONS)
    kill_process director/pulse
    until_done 10 grep_status backup 'pulse SILENT, dataplane serves'
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    equal "table of the standby" "" "$(director_ipvsadm backup -Sn)"
    start_process director/pulse
    until_done 20 state_is director active
    until_done 10 grep_status backup 'alive, active'
    equal "takeovers of the backup" "$taken" "$(counter backup ACTIVATIONS)"
    # Now all of it dies: there is nothing to wait for.
    kill_process director/pulse
    until_done 10 grep_status backup 'pulse SILENT, dataplane serves'
    kill_process director/dataplane
    until_done 10 state_is backup active
    until_done 5 one_request
    drill_restore
    until_done 30 state_is director active
}

# part on|off: whether the two directors cannot reach each other on either network; everybody else still reaches both.
part() {
    local node
    for node in director backup; do
        ip -n "$(namespace net)" link set "pub-$node" type bridge_slave isolated "$1"
        ip -n "$(namespace net)" link set "pri-$node" type bridge_slave isolated "$1"
    done
}
addresses_of() { run_on_director "$1" address show | sort | xargs; }
addresses_are() { [ "$(addresses_of "$1")" = "$2" ]; }
readonly OWNED="$NAT_ROUTER dev $PRIVATE_DEVICE $VIP dev $PUBLIC_DEVICE" GIVEN_UP="$NAT_ROUTER dev - $VIP dev -"

# set_grace SECONDS: on both directors.
set_grace() {
    sed -i "s/^serial_no = .*/serial_no = $((10 + $1))/; s/^pulse_grace = .*/pulse_grace = $1/" "$(lvs_cf director)"
    run_on_director director pulse reload
    until_done 10 grep_status backup "configuration same (serial $((10 + $1)))"
}

# given_up_by NODE: how often its dataplane gave up an address; a killed one may have done so at its next start.
given_up_by() { run_on_director "$1" stat | awk '/^addresses given up/ { print $NF }'; }

should_leave_the_addresses_to_the_partner_when_pulse_stays_dead() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
    until_done 10 settled director
    local given_up
    given_up=$(given_up_by director)
    set_grace 1
    kill_process director/pulse
    until_done 20 state_is backup active
    until_done 10 addresses_are director "$GIVEN_UP"
    equal "addresses of the backup" "$OWNED" "$(addresses_of backup)"
    answers_for_vip backup
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    grep -q "gave up $VIP: pulse is gone, and .* claims it" "$(log_file director/dataplane)" || fail "the log says nothing"
    equal "addresses given up, as counted" $((given_up + 2)) "$(given_up_by director)"

    # A dataplane that is started again without its pulse takes nothing back.
    kill_process director/dataplane
    dataplane_up director
    equal "addresses after a restart" "$GIVEN_UP" "$(addresses_of director)"
    answers_for_vip backup

    start_process director/pulse
    until_done 30 state_is director active
    until_done 10 addresses_are director "$OWNED"
    until_done 10 addresses_are backup ""
    answers_for_vip director

    # Without a partner there is nobody to leave them to.
    drill_kill backup
    kill_process director/pulse
    in_node client timeout 20 tcpdump -i eth0 -c 1 -n "arp[6:2] == 1 and arp[14:4] == 0 and arp[24:4] == $(vip_number)" \
        >/dev/null 2>&1 || fail "the dataplane does not ask who else has its addresses"
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    equal "addresses" "$OWNED" "$(addresses_of director)"
    drill_restore
    until_done 30 state_is director active
}

should_resolve_a_split_brain() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
    until_done 10 settled director
    local splits
    splits=$(counter director SPLIT_BRAINS)
    part on
    until_done 20 state_is backup active
    state_is director active || fail "the primary gave up although nobody told it to"
    # Announced by both, the address may move under a connection.
    until_done 5 one_request
    part off
    until_done 10 state_is backup standby
    state_is director active || fail "the primary does not stay"
    until_done 10 addresses_are backup ""
    until_done 10 counted director SPLIT_BRAINS $((splits + 1))
    grep -q 'SPLIT BRAIN: both directors are active; the primary stays' "$(log_file director/pulse)" || fail "not logged"
    grep -q 'partner active: resending arps' "$(log_file director/pulse)" || fail "the primary does not announce again"
    grep -q 'partner active: deactivating LVS' "$(log_file backup/pulse)" || fail "the backup does not say that it yields"
    journal_of director | grep -q 'both directors are active' || fail "the journal does not know"
    answers_for_vip director
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
}

should_tell_the_partner_that_the_dataplane_is_dead() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
    kill_process director/dataplane
    until_done 10 state_is backup active
    until_done 5 one_request
    until_done 5 grep_status backup 'alive, standby, dataplane DEAD'
    "$ULVS_ROOT/ulvs" journal --dir "$(director_dir director)" | grep -q 'dataplane: dead' \
        || fail "the journal does not know that the dataplane died"
    drill_restore
    until_done 30 state_is director active
    until_done 5 grep_status backup 'alive, active, dataplane alive'
}

should_take_over_from_a_dataplane_that_hangs() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
    sed -i 's/^serial_no = .*/serial_no = 20/; s/^deadtime = .*/&\ndataplane_timeout = 2/' "$(lvs_cf director)"
    run_on_director director pulse reload
    local stopped
    stopped=$(process_pid director/dataplane)
    # shellcheck disable=SC2064
    trap "kill -CONT $stopped" EXIT
    kill -STOP "$stopped"
    until_done 20 state_is backup active
    until_done 10 one_request
    kill -CONT "$stopped"
    # in less than the 10 s that are the default
    grep -Eq 'does not respond: last heartbeat [2-9][0-9]{3} ms ago' "$(log_file director/pulse)" \
        || fail "the log does not know why"
    until_done 30 state_is director active
    until_done 10 addresses_are backup ""
    until_done 10 one_request
}

# recordings NODE BEAT: a true heartbeat sent again, and one with a signature that another secret would make.
recordings() {
    send_datagram backup "$(public_address "$1")" "$2"
    send_datagram backup "$(public_address "$1")" "${2%??????}000000"
}
# In a flood the kernel drops what the socket's buffer does not hold, so how many arrive is not known: sends more.
recordings_counted() {
    recordings "$@"
    counted "$1" heartbeats.REPLAYED 10 && counted "$1" heartbeats.WRONG_SECRET 10
}

# Garbage at 10,000 datagrams a second from a stranger and from the partner's own address, and recordings.
should_let_no_datagram_on_the_heartbeat_port_change_anything() {
    pair
    until_done 20 state_is director active
    until_done 10 state_is backup standby
    local before to losses beat said
    before=$(director_ipvsadm director -Sn | sort)
    to=$(public_address director)
    losses=$(counter director PEER_LOSSES)/$(counter backup PEER_LOSSES)/$(counter backup ACTIVATIONS)
    capture_beat
    beat=$(<"$RUN/log/beat")
    flood client "$to" 3 &
    flood backup "$to" 3 &
    for _ in {1..20}; do
        recordings director "$beat"
    done
    equal "answers" "20" "$(curl_many 20 "http://$VIP/" | grep -c real)"
    wait
    until_done 10 counted director heartbeats.STRANGER 1000
    until_done 10 counted director heartbeats.BAD_SIZE 1000
    until_done 20 recordings_counted director "$beat"
    state_is director active || fail "the primary is not active any more"
    state_is backup standby || fail "the backup does not stand by any more"
    equal "losses and takeovers" "$losses" \
        "$(counter director PEER_LOSSES)/$(counter backup PEER_LOSSES)/$(counter backup ACTIVATIONS)"
    equal "table" "$before" "$(director_ipvsadm director -Sn | sort)"
    for said in 'heartbeat from a stranger' 'bad heartbeat packet' 'replayed heartbeat' 'signed with another secret'; do
        grep -q "$said from .* dropped" "$(log_file director/pulse)" || fail "the log says nothing of: $said"
    done
}

should_show_configurations_that_differ_and_refuse_what_is_not_newer() {
    pair
    until_done 20 state_is director active
    until_done 10 grep_status director 'configuration same'
    local mine
    sed -i 's/^arp_interval = .*/arp_interval = 0.3/' "$(lvs_cf backup)"
    run_on_director backup pulse reload
    until_done 10 grep_status director 'configuration DIFFERENT'
    grep -q 'the partner runs another configuration' "$(log_file director/pulse)" || fail "the log says nothing"
    mine=$(<"$(lvs_cf director)")
    run_on_director backup pulse push
    until_done 10 grep -q 'pushed to the partner: refused' "$(log_file backup/pulse)"
    equal "lvs.cf" "$mine" "$(<"$(lvs_cf director)")"
    sed -i "s/^serial_no = .*/serial_no = 50/" "$(lvs_cf backup)"
    run_on_director backup pulse reload
    until_done 10 grep_status director 'configuration same (serial 50)'
    equal "lvs.cf" "$(<"$(lvs_cf backup)")" "$(<"$(lvs_cf director)")"
}

should_refill_a_dataplane_that_comes_back_empty() {
    pair
    until_done 20 state_is director active
    stop_process backup/pulse
    until_done 10 table_has director "10.11.12.2:80"
    kill_process director/dataplane
    until_done 10 grep_status director 'dataplane  DEAD'
    rm -f "$(director_dir director)"/*.dat
    dataplane_up director
    until_done 10 table_has director "10.11.12.2:80"
    until_done 10 one_request
}

should_announce_an_address_by_send_arp() {
    lab up --without-dataplane --reals 1
    local said
    in_node client timeout 10 tcpdump -i eth0 -c 2 -e -n -l arp and host 192.168.26.77 \
        >"$RUN/log/arp" 2>"$RUN/log/arp-capture" &
    until_done 10 grep -q 'listening on' "$RUN/log/arp-capture"
    lab exec director "$ULVS_ROOT/ulvs" send_arp -i eth0 192.168.26.77 02:00:00:00:00:77 192.168.26.255 ffffffffffff
    wait $!
    said=$(<"$RUN/log/arp")
    grep -q '02:00:00:00:00:77 > ff:ff:ff:ff:ff:ff.*length 60.*Reply 192.168.26.77 is-at 02:00:00:00:00:77' <<<"$said" \
        || fail "no reply: $said"
    grep -q '02:00:00:00:00:77 > ff:ff:ff:ff:ff:ff.*Request who-has 192.168.26.77.*tell 192.168.26.77' <<<"$said" \
        || fail "no request: $said"
}
