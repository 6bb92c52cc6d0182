# shellcheck shell=bash disable=SC2034
# A SYN flood from many addresses: who is connected stays so, and who comes new is served.

readonly FIRST_ATTACKER=100.64.0.0

# flood HALF-OPEN [TUNABLE=VALUE…]
flood() {
    local half_open=$1 setting answers sum flood
    shift
    remove_lab
    CONFIG_METHOD=nat CONFIG_REALS=2 CONFIG_WORKERS=1
    make_lab
    for setting in "$@"; do
        run_on_director director sysctl -w "net.ipv4.vs.$setting" >/dev/null
        equal "net.ipv4.vs.${setting%=*}" "net.ipv4.vs.${setting%=*} = ${setting#*=}" \
            "$(run_on_director director sysctl "net.ipv4.vs.${setting%=*}")"
    done
    # Answers to the flood go to the client's host, which has none of these addresses and keeps quiet.
    ip -n "$(namespace director)" route add 100.64.0.0/10 via "$CLIENT_ADDRESS"
    ip netns exec "$(namespace client)" curl -sS --fail -m 60 --limit-rate 10M "http://$VIP/$DOWNLOAD" >"$RUN/old" &
    in_node client "$LAB_TOOLS/syn-flood" "$VIP" "$WEB_PORT" "$FIRST_ATTACKER" "$half_open" >"$RUN/flood" &
    flood=$!
    answers=$(curl_many 200 "http://$VIP/" | sort | uniq -c | xargs)
    wait "$flood" || fail "the flood ended early: $(<"$RUN/flood")"
    ! grep -q failed <<<"$answers" || fail "new clients during the flood: $answers"
    wait %1 || fail "the download that was under way broke"
    sum=$(sha256sum <"$RUN/old")
    equal "sha256 of the download" "$(sha256sum <"$RUN/files/$DOWNLOAD")" "$sum"
    seen "$(<"$RUN/flood"); new clients meanwhile: $answers"
    check_spread 50
    check_accounting
}

# As it is by default: the table fills and half-open connections make room.
should_serve_old_and_new_clients_during_a_syn_flood() { flood 1000000; }

evicted() { run_on_director director stat | awk '/^half-open connections evicted / { print $NF }'; }
has_evicted() { [ "$(evicted)" -gt 0 ]; }

# With the kernel's defences, which need not wait until the table is full.
should_serve_old_and_new_clients_with_the_defences_on() {
    flood 300000 drop_entry=3 secure_tcp=3
    until_done 40 has_evicted
    seen "drop_entry dropped $(evicted) half-open connections"
}
