# shellcheck shell=bash disable=SC2034
# The main job, by both methods, with one worker and with two; and what must not disturb it.

readonly REQUESTS=300 BULK_SECONDS=3

# fresh_lab METHOD WORKERS
fresh_lab() {
    remove_lab
    CONFIG_METHOD=$1 CONFIG_WORKERS=$2
    make_lab
}

main_job() {
    fresh_lab "$@"
    captures_start
    check_traffic "$REQUESTS" "$BULK_SECONDS"
    check_restart
}

should_forward_by_nat() { main_job nat 1; }
should_forward_by_nat_with_two_workers() { main_job nat 2; }
should_forward_by_direct_routing() { main_job dr 1; }
should_forward_by_direct_routing_with_two_workers() { main_job dr 2; }

# A download slow enough to live through what is done meanwhile; prints its checksum.
slow_download() {
    ip netns exec "$(namespace client)" curl -sS --fail -m 60 --limit-rate 25M "http://$VIP/$DOWNLOAD" | sha256sum
}

# during_download COMMAND…: the download must come through unharmed.
during_download() {
    local actual reader
    fresh_lab nat 2
    slow_download >"$RUN/sum" &
    # what the command starts in the background changes $!
    reader=$!
    sleep 1
    "$@"
    wait "$reader" || fail "the download broke: $(<"$RUN/sum")"
    actual=$(<"$RUN/sum")
    equal "sha256 of the download" "$(sha256sum <"$RUN/files/$DOWNLOAD")" "$actual"
}

change_services() {
    local i
    for i in 1 2 3; do
        director_ipvsadm director -A -t "$VIP:808$i" -s wlc
        director_ipvsadm director -a -t "$VIP:808$i" -r 10.11.12.1:80 -m
        director_ipvsadm director -e -t "$VIP:80" -r "10.11.12.$i:80" -m -w 0
        director_ipvsadm director -E -t "$VIP:80" -s wlc
        director_ipvsadm director -e -t "$VIP:80" -r "10.11.12.$i:80" -m -w 5
        director_ipvsadm director -D -t "$VIP:808$i"
    done
}
should_keep_connections_while_services_change() { during_download change_services; }

kill_and_start() {
    kill_process director/dataplane
    dataplane_up director
}
should_keep_connections_over_kill_and_restart() { during_download kill_and_start; }

cut_links() {
    ip -n "$(namespace director)" link set "$PUBLIC_DEVICE" down
    ip -n "$(namespace director)" link set "$PRIVATE_DEVICE" down
    sleep 0.5
    ip -n "$(namespace director)" link set "$PUBLIC_DEVICE" up
    ip -n "$(namespace director)" link set "$PRIVATE_DEVICE" up
}
should_go_on_after_links_went_down_and_up() { during_download cut_links; }

should_leave_no_rules_on_the_host_when_it_ends() {
    fresh_lab nat 1
    [ -n "$(in_node director nft list ruleset)" ] || fail "there are no rules while it runs"
    stop_process director/dataplane
    equal "rules after the end" "" "$(in_node director nft list ruleset)"
}

hidden_addresses() { in_node director nft list ruleset | grep -o ': drop' | wc -l; }
hidden_are() { [ "$(hidden_addresses)" -eq "$1" ]; }

# More than the rules have room for at first.
should_hide_every_virtual_address_from_the_host() {
    local before
    fresh_lab nat 1
    before=$(hidden_addresses)
    seq 1500 | awk '{ print "-A -t 10.200." int($1 / 250) "." $1 % 250 ":80 -s rr" }' | director_ipvsadm director -R
    until_done 60 hidden_are $((before + 1500))
    seq 1500 | awk '{ print "-D -t 10.200." int($1 / 250) "." $1 % 250 ":80" }' | director_ipvsadm director -R
    until_done 60 hidden_are "$before"
}

should_run_with_few_privileges() {
    local pid bounding
    fresh_lab dr 1
    pid=$(process_pid director/dataplane)
    bounding=$(awk '$1 == "CapBnd:" { print $2 }' "/proc/$pid/status")
    # net_admin 12, net_raw 13, ipc_lock 14, sys_nice 23
    equal "bounding set" "0000000000807000" "$bounding"
    equal "no_new_privs" 1 "$(awk '$1 == "NoNewPrivs:" { print $2 }' "/proc/$pid/status")"
}
