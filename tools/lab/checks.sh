# shellcheck shell=bash
# What the demo and the system tests assert about a lab that is up. Sourced, never run.
# Each check prints one line of what it saw, and ends the program with a sentence when something is not as it should be.

# fail TEXT…: says what is wrong and ends the test.
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit "$EXIT_FAILED"
}

# equal WHAT EXPECTED ACTUAL
equal() { [ "$2" = "$3" ] || fail "$1: expected \"$2\", got \"$3\""; }

# until_done SECONDS COMMAND…: tries until it succeeds.
until_done() {
    local deadline=$(($(now_ms) + $1 * 1000))
    shift
    until "$@"; do
        [ "$(now_ms)" -lt "$deadline" ] || fail "never happened: $*"
        sleep 0.1
    done
}

# Whether the web service answers a request.
one_request() { in_node client curl -sf -o /dev/null -m 1 "http://$VIP/"; }

# answers_for_vip NODE: that one and nobody else answers the client for the virtual address.
answers_for_vip() {
    until_done 30 vip_owners
    equal "who answers for the virtual address" "$(in_node "$1" cat /sys/class/net/eth0/address)" "$(<"$RUN/log/owners")"
}
# Lets the client ask for the virtual address, and writes down who answers within some seconds.
vip_owners() {
    in_node client timeout 3 tcpdump -i eth0 -n -l "arp[6:2] == 2 and arp[14:4] == $(vip_number)" \
        >"$RUN/log/arp-answers" 2>/dev/null &
    sleep 1
    in_node client ip neigh flush to "$VIP" dev eth0
    one_request
    wait $! || true
    sed -n 's/.* is-at \([0-9a-f:]*\).*/\1/p' "$RUN/log/arp-answers" | sort -u >"$RUN/log/owners"
    [ -s "$RUN/log/owners" ]
}
vip_number() {
    # shellcheck disable=SC2046,SC2183
    printf '0x%02x%02x%02x%02x' $(tr . ' ' <<<"$VIP")
}

# seen TEXT…: a line about something that was checked and is right.
seen() { say "   ok  $*"; }

# curl_many COUNT [CURL-ARGUMENT…]: prints the body of every answer on a line, or "failed: code N".
curl_many() {
    local count=$1
    shift
    # shellcheck disable=SC2016
    in_node client bash -c '
        for ((i = 0; i < $1; i++)); do
            curl -sS --fail -m 5 "${@:2}" || echo "failed: code $?"
        done' - "$count" "$@" 2>&1
}

# check_spread COUNT: every request is answered, and round robin gives every real server the same number.
check_spread() {
    local count=$1 answers report most least
    answers=$(curl_many "$count" "http://$VIP/" | sort | uniq -c)
    ! grep -q 'failed\|curl' <<<"$answers" || fail "requests to http://$VIP/ failed: $answers"
    report=$(awk '{ printf "  %s %s", $2, $1 }' <<<"$answers")
    equal "requests answered" "$count" "$(awk '{ n += $1 } END { print n }' <<<"$answers")"
    equal "real servers that answered" "$(reals | sort | xargs)" "$(awk '{ print $2 }' <<<"$answers" | xargs)"
    most=$(awk '{ print $1 }' <<<"$answers" | sort -n | tail -n 1)
    least=$(awk '{ print $1 }' <<<"$answers" | sort -n | head -n 1)
    [ $((most - least)) -le 1 ] || fail "round robin is uneven:$report"
    seen "$count requests to http://$VIP/ answered:$report"
}

# check_connections COUNT: the connections of the web service since the lab came up, counted and listed.
check_connections() {
    local count=$1 listed counted
    counted=$(director_ipvsadm director -Ln --stats --exact | awk -v s="$VIP:$WEB_PORT" '$2 == s { print $3 }')
    equal "connections that ipvsadm counts for $VIP:$WEB_PORT" "$count" "$counted"
    listed=$(director_ipvsadm director -Lnc)
    [ "$(grep -c "$CLIENT_ADDRESS:[0-9]* *$VIP:$WEB_PORT" <<<"$listed")" -gt 0 ] \
        || fail "the connection table shows no connection of the client: $listed"
    seen "connection table: $counted connections counted, $(($(wc -l <<<"$listed") - 2)) of them there now, such as:"
    sed -n '2,5s/^/         /p' <<<"$listed"
}

# check_echo: datagrams of the usual and the fragmented sizes come back byte for byte.
check_echo() {
    local size said
    for size in 1 1400 4000; do
        said=$(in_node client "$LAB_TOOLS/udp-probe" "$VIP" "$ECHO_PORT" "$size" 20 0 2>&1) \
            || fail "UDP echo of $size bytes: $said"
    done
    seen "UDP echo of 1, 1400 and 4000 bytes came back, 20 each"
}

# check_delay: what the director adds to a round trip, against the same echo without a director. Told, not judged.
check_delay() {
    local through direct
    through=$(in_node client "$LAB_TOOLS/udp-probe" "$VIP" "$ECHO_PORT" 64 500 1000) || fail "UDP echo: $through"
    direct=$(in_node director "$LAB_TOOLS/udp-probe" "$(private_address real1)" "$ECHO_PORT" 64 500 1000) \
        || fail "UDP echo without director: $direct"
    seen "round trip at some 1,000 packets/s: $(awk '{ printf "p50 %.0f µs, p99 %.0f µs", $6, $8 }' <<<"$through")" \
        "through the director, $(awk '{ printf "p50 %.0f µs, p99 %.0f µs", $6, $8 }' <<<"$direct") without"
}

# check_bulk SECONDS: TCP at full speed, with no second at rest and next to no retransmission.
check_bulk() {
    local seconds=$1 said stalled sum
    said=$(in_node client iperf3 -c "$VIP" -p "$IPERF_PORT" -t "$seconds" -f m 2>&1) || fail "iperf3: $said"
    stalled=$(awk '/ sec .*bits\/sec/ && !/sender|receiver/ && $5 + 0 == 0' <<<"$said")
    [ -z "$stalled" ] || fail "iperf3 stalled: $stalled"
    sum=$(grep 'sender' <<<"$said")
    # Megabytes sent, Mbit/s, segments sent again.
    awk '{ split($0, a, " sec "); $0 = a[2]; mib = $1 * ($2 == "GBytes" ? 1024 : 1)
           exit !(mib > 0 && $5 <= 20 + mib * 1048576 / 1448 / 100) }' <<<"$sum" \
        || fail "iperf3 sent too much again: $sum"
    seen "iperf3 for $seconds s: $(awk '{ split($0, a, " sec "); $0 = a[2]
        printf "%s %s at %.1f Gbit/s, %d segments sent again", $1, $2, $3 / 1000, $5 }' <<<"$sum")"
}

# check_download: 100 MB with the right checksum.
check_download() {
    local expected actual
    expected=$(sha256sum <"$RUN/files/$DOWNLOAD")
    actual=$(in_node client curl -sS --fail -m 60 "http://$VIP/$DOWNLOAD" | sha256sum)
    equal "sha256 of http://$VIP/$DOWNLOAD" "$expected" "$actual"
    seen "download of $DOWNLOAD_BYTES bytes has sha256 ${actual:0:16}…"
}

# check_accounting: every frame that was read is in exactly one counter. Frames still on their way may take a moment.
check_accounting() {
    local said unaccounted deadline
    deadline=$(($(now_ms) + 3000))
    while :; do
        said=$(run_on_director director stat) || fail "the counters cannot be read: $said"
        unaccounted=$(awk '/^unaccounted / { print $NF }' <<<"$said")
        [ "$unaccounted" != 0 ] || break
        [ "$(now_ms)" -lt "$deadline" ] || fail "frames are in no counter, or in two: $said"
        sleep 0.2
    done
    seen "counters: $(awk '
        /^frames received / { received = $NF }
        /^frames (forwarded|routed)/ { forwarded += $NF }
        /^frames answered / { answered = $NF }
        /^frames left / { left = $NF }
        /^fragments held / { held = $NF }
        /^dropped in all / { dropped = $NF }
        END { printf "%d frames received = %d forwarded + %d answered + %d left to the host + %d held + %d dropped",
              received, forwarded, answered, left, held, dropped }' <<<"$said")"
    [ "$(awk '/^frames forwarded/ { n += $NF } END { print n }' <<<"$said")" -gt 0 ] || fail "nothing was forwarded: $said"
    grep '^dropped: ' <<<"$said" | sed 's/^/         /' || true
}

# check_traffic REQUESTS SECONDS: the main job on a fresh lab whose captures run, and that every frame was accounted for.
check_traffic() {
    check_spread "$1"
    check_connections "$1"
    check_echo
    check_delay
    check_bulk "$2"
    check_download
    captures_check
    check_accounting
}

# check_restart: kill -9 of the dataplane and a new start, with the services and connections it had.
check_restart() {
    local before after answers
    before=$(director_ipvsadm director -Sn)
    kill_process director/dataplane
    dataplane_up director
    after=$(director_ipvsadm director -Sn)
    equal "services after a restart" "$before" "$after"
    answers=$(curl_many 30 "http://$VIP/" | sort | uniq -c | xargs)
    grep -q failed <<<"$answers" && fail "requests after a restart: $answers"
    seen "kill -9 of the dataplane and a new start: services are there, 30 more requests answered"
}
