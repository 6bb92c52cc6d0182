# shellcheck shell=bash disable=SC2034
# IPIP tunnelling: the kernel's device at the other end, or the lab's own program where the kernel has none.

tunnel_lab() {
    remove_lab
    CONFIG_METHOD=tun CONFIG_REALS=3 CONFIG_WORKERS=$1
    make_lab
}

should_forward_through_tunnels() {
    tunnel_lab 2
    check_spread 60
    check_connections 60
    check_echo
    check_download
    check_accounting
}

# Uploads go through the tunnel, downloads around it: neither stalls or sends much again.
should_carry_bulk_in_both_directions() {
    tunnel_lab 1
    check_bulk 3
    check_download
    check_accounting
}

# What the client sends at full size does not fit in the tunnel: it must learn of it by ICMP, once.
should_tell_the_client_how_much_fits() {
    tunnel_lab 1
    capture client "$PUBLIC_DEVICE" "icmp[icmptype] == 3 and icmp[icmpcode] == 4"
    captures_await
    in_node client iperf3 -c "$VIP" -p "$IPERF_PORT" -n 5M >"$RUN/bulk" 2>&1 || fail "iperf3: $(<"$RUN/bulk")"
    check_accounting
    captures_end
    grep -q "unreachable - need to frag (mtu 1480)" "${CAPTURE_FILES[0]}" \
        || fail "the client was not told an MTU of 1480: $(head -n 3 "${CAPTURE_FILES[0]}")"
    in_node client ip route get "$VIP" | grep -q 'mtu 1480' \
        || fail "the client does not know the MTU of the path: $(in_node client ip route get "$VIP")"
}
