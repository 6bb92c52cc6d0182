# shellcheck shell=bash disable=SC2034
# The kernel's own test of IPVS (tools/testing/selftests/net/netfilter/ipvs.sh) with ulvs in the place of the kernel:
# the same three hosts, links, addresses and settings, one service, one real server, 32 random bytes by socat, once by
# each forwarding method. Everything is made anew for each case.

readonly SELF_VIP=207.175.44.110 SELF_PORT=8080
readonly SELF_GATEWAY=10.0.0.1 SELF_CLIENT=10.0.0.2 SELF_REAL_PUBLIC=10.0.0.3
readonly SELF_DIRECTOR_PRIVATE=172.16.0.1 SELF_REAL=172.16.0.2

# The three hosts have the lab's names of client, director and first real server.
client_ns() { namespace client; }
director_ns() { namespace director; }
real_ns() { namespace real1; }

# cable NODE DEVICE NODE DEVICE
cable() {
    ip -n "$(namespace "$1")" link add "$2" type veth peer name "$4" netns "$(namespace "$3")"
    ip -n "$(namespace "$1")" link set "$2" up
    ip -n "$(namespace "$3")" link set "$4" up
}

self_hosts() {
    remove_lab
    mkdir -p "$RUN/log" "$RUN/director"
    add_namespace client
    add_namespace director
    add_namespace real1
    cable client veth01 director veth10
    cable client veth02 real1 veth20
    cable director veth12 real1 veth21
    ip -n "$(client_ns)" link add br0 type bridge
    ip -n "$(client_ns)" link set veth01 master br0
    ip -n "$(client_ns)" link set veth02 master br0
    ip -n "$(client_ns)" link set br0 up
    ip -n "$(client_ns)" address add "$SELF_CLIENT/24" dev br0
    ip -n "$(director_ns)" address add "$SELF_GATEWAY/24" dev veth10
    ip -n "$(director_ns)" address add "$SELF_DIRECTOR_PRIVATE/24" dev veth12
    ip -n "$(real_ns)" address add "$SELF_REAL/24" dev veth21
    ip -n "$(real_ns)" address add "$SELF_REAL_PUBLIC/24" dev veth20
    # What the kernel's test says to the client, and to the director's lo.
    ip -n "$(client_ns)" route add "$SELF_VIP" via "$SELF_GATEWAY" dev br0
    ip -n "$(director_ns)" address add "$SELF_VIP/32" dev lo
}

quiet_about_the_virtual_address() {
    set_kernel real1 net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
    set_kernel real1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.veth21.rp_filter=0
    ip -n "$(real_ns)" address add "$SELF_VIP/32" dev lo
}

# self_director METHOD-OPTION: the dataplane, and the kernel's test's two lines of ipvsadm.
self_director() {
    local pid
    daemon director "$ULVS_ROOT/ulvs" dataplane --dir "$(director_dir director)" \
        --outside veth10 --inside veth12 --idle backoff </dev/null >>"$RUN/log/director-dataplane.log" 2>&1 &
    pid=$!
    disown "$pid"
    printf '%s %s\n' "$pid" "$(process_start_time "$pid")" >"$RUN/director/dataplane.pid"
    await_dataplane director
    director_ipvsadm director -A -t "$SELF_VIP:$SELF_PORT" -s rr
    director_ipvsadm director -a -t "$SELF_VIP:$SELF_PORT" -r "$SELF_REAL:$SELF_PORT" "$1"
}

# The bytes go from the client to whom the director chooses, and arrive as they were.
self_transfer() {
    local server said
    head -c 32 /dev/urandom >"$RUN/in"
    timeout 5 ip netns exec "$(real_ns)" \
        socat -u -4 "TCP-LISTEN:$SELF_PORT,reuseaddr" STDOUT >"$RUN/out" 2>"$RUN/log/socat" &
    server=$!
    while [ -z "$(in_node real1 ss -Hltn "sport = :$SELF_PORT")" ]; do
        kill -0 "$server" 2>/dev/null || fail "socat does not listen: $(<"$RUN/log/socat")"
        sleep 0.05
    done
    said=$(in_node client timeout 2 socat -u -4 STDIN "TCP:$SELF_VIP:$SELF_PORT" <"$RUN/in" 2>&1) \
        || fail "the client could not send: $said"
    wait "$server" || fail "the server ended badly: $(<"$RUN/log/socat")"
    cmp "$RUN/in" "$RUN/out" || fail "what arrived is not what was sent"
    equal "connections by ipvsadm" 1 \
        "$(director_ipvsadm director -Ln --stats --exact | awk -v s="$SELF_VIP:$SELF_PORT" '$2 == s { print $3 }')"
    seen "32 random bytes came through"
}

# answers_through DEVICE METHOD-OPTION: the transfer, with the server's answers on that link of the client.
answers_through() {
    self_director "$2"
    CAPTURES=() CAPTURE_FILES=()
    capture client "$1" "tcp and src $SELF_VIP"
    captures_await
    self_transfer
    captures_end
    [ -s "${CAPTURE_FILES[0]}" ] || fail "the server's answers did not come through $1"
    seen "answers came through $1"
}

should_pass_the_kernels_test_by_direct_routing() {
    self_hosts
    set_kernel director net.ipv4.ip_forward=1
    quiet_about_the_virtual_address
    answers_through veth02 -g
}

should_pass_the_kernels_test_by_nat() {
    self_hosts
    set_kernel director net.ipv4.ip_forward=1
    ip -n "$(real_ns)" link delete veth20
    ip -n "$(real_ns)" route add default via "$SELF_DIRECTOR_PRIVATE" dev veth21
    answers_through veth01 -m
}

should_pass_the_kernels_test_by_tunnelling() {
    local ns
    self_hosts
    set_kernel director net.ipv4.ip_forward=0 net.ipv4.conf.all.send_redirects=0
    quiet_about_the_virtual_address
    ns=$(real_ns)
    if ip -n "$ns" link add tunl-ulvs type ipip local "$SELF_REAL" 2>/dev/null; then
        ip -n "$ns" link set tunl-ulvs up
    else
        ip -n "$ns" tuntap add dev tunl-ulvs mode tun vnet_hdr
        ip -n "$ns" link set tunl-ulvs up
        daemon real1 "$LAB_TOOLS/ipip-end" tunl-ulvs </dev/null >>"$RUN/log/tunnel" 2>&1 &
        disown $!
    fi
    set_kernel real1 net.ipv4.conf.tunl-ulvs.rp_filter=0
    answers_through veth02 -i
}
