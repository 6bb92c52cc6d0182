# shellcheck shell=bash disable=SC2034
# A SYN flood from a million addresses: who is connected stays so, and who comes new is served.

readonly HALF_OPEN=1000000 FIRST_ATTACKER=100.64.0.0

should_serve_old_and_new_clients_during_a_syn_flood() {
    local answers sum flood
    remove_lab
    CONFIG_METHOD=nat CONFIG_REALS=2 CONFIG_WORKERS=1
    make_lab
    # Answers to the flood go to the client's host, which has none of these addresses and keeps quiet.
    ip -n "$(namespace director)" route add 100.64.0.0/10 via "$CLIENT_ADDRESS"
    ip netns exec "$(namespace client)" curl -sS --fail -m 60 --limit-rate 10M "http://$VIP/$DOWNLOAD" >"$RUN/old" &
    in_node client "$LAB_TOOLS/syn-flood" "$VIP" "$WEB_PORT" "$FIRST_ATTACKER" "$HALF_OPEN" >"$RUN/flood" &
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
