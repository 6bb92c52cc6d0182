# shellcheck shell=bash
# Namespaces, links, addresses and kernel settings of the lab. Sourced, never run.
# The bridges live in a namespace of their own: nothing appears on the host but namespaces.

network_possible() {
    local said
    said=$(unshare --net true 2>&1) \
        || missing "this machine gives no network namespaces ($said): a container may need --privileged."
}

network_up() {
    local node
    add_namespace net
    add_bridge public
    add_bridge private
    for node in $(nodes); do
        add_namespace "$node"
    done
    add_link client "$PUBLIC_DEVICE" public "$CLIENT_ADDRESS"
    for node in $(directors); do
        add_director "$node"
    done
    for node in $(reals); do
        add_real "$node"
    done
}

add_namespace() {
    ip netns add "$(namespace "$1")"
    ip -n "$(namespace "$1")" link set lo up
}

add_bridge() {
    local ns
    ns=$(namespace net)
    ip -n "$ns" link add "$1" type bridge stp_state 0 mcast_snooping 0
    ip -n "$ns" link set "$1" up
    in_node net sh -c 'echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables' 2>/dev/null || true
}

# add_link NODE DEVICE BRIDGE ADDRESS: a veth pair with the offloads that veth has by default.
add_link() {
    local node=$1 device=$2 bridge=$3 address=$4 ns port
    ns=$(namespace net)
    port=${bridge:0:3}-$node
    ip -n "$ns" link add "$port" type veth peer name "$device" netns "$(namespace "$node")"
    ip -n "$ns" link set "$port" master "$bridge" up
    ip -n "$(namespace "$node")" address add "$address/$PREFIX_LENGTH" dev "$device"
    ip -n "$(namespace "$node")" link set "$device" up
}

# set_kernel NODE KEY=VALUE…: net.* settings of a node.
set_kernel() {
    local node=$1
    shift
    in_node "$node" sysctl -q -w "$@"
}

add_director() {
    add_link "$1" "$PUBLIC_DEVICE" public "$(public_address "$1")"
    add_link "$1" "$PRIVATE_DEVICE" private "$(private_address "$1")"
    # As every manual of LVS says; ulvs must cope with a host that would also forward by itself.
    set_kernel "$1" net.ipv4.ip_forward=1
}

add_real() {
    add_link "$1" "$PRIVATE_DEVICE" private "$(private_address "$1")"
    case $CONFIG_METHOD in
        nat)
            ip -n "$(namespace "$1")" route add default via "$NAT_ROUTER"
            ;;
        dr)
            add_link "$1" "$PUBLIC_DEVICE" public "$(public_address "$1")"
            # The real server has the virtual address, keeps quiet about it, and answers the client directly.
            set_kernel "$1" net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
            set_kernel "$1" net.ipv4.conf.all.rp_filter=0 "net.ipv4.conf.$PRIVATE_DEVICE.rp_filter=0"
            ip -n "$(namespace "$1")" address add "$VIP/32" dev lo
            ;;
        tun)
            add_link "$1" "$PUBLIC_DEVICE" public "$(public_address "$1")"
            set_kernel "$1" net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
            add_tunnel "$1"
            ;;
    esac
}

# The kernel's IPIP device, or a TUN device that a program of the lab serves where the kernel has none (module ipip).
add_tunnel() {
    local ns
    ns=$(namespace "$1")
    if ! ip -n "$ns" link add tunl-ulvs type ipip local "$(private_address "$1")" 2>/dev/null; then
        ip -n "$ns" tuntap add dev tunl-ulvs mode tun vnet_hdr \
            || missing "this kernel has neither IPIP tunnels (module ipip) nor TUN devices (module tun)."
        : >"$RUN/tunnel-by-program"
    fi
    ip -n "$ns" address add "$VIP/32" dev tunl-ulvs
    ip -n "$ns" link set tunl-ulvs up
    set_kernel "$1" net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tunl-ulvs.rp_filter=0
}

# Ends whatever runs in the namespaces, then the namespaces; links go with them.
network_down() {
    local ns
    for ns in $(lab_namespaces); do
        ip netns delete "$ns" 2>/dev/null || rm -f "/run/netns/$ns"
    done
}
