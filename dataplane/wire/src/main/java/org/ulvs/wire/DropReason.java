// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

/**
 * Why a frame went no further. Each has a number that stays the same for ever (an index of counters), a label for
 * counters and tools, and a sentence for the manual.
 */
public enum DropReason {
    /** Ring gave fewer bytes than the wire had. */
    OVERSIZED(1, "oversized", "The frame is larger than a ring slot and arrived cut off."),
    /** Shorter than its headers say. */
    TRUNCATED(2, "truncated", "The frame ends before the packet that its headers announce."),
    /** Tagged. */
    VLAN(3, "vlan", "The frame carries a VLAN tag; its VLAN's own interface is not one of the dataplane's."),
    /** Neither IPv4 nor ARP. */
    NOT_IPV4(4, "not-ipv4", "The frame carries neither IPv4 nor ARP."),
    /** Not ARP for IPv4 over Ethernet. */
    BAD_ARP(5, "bad-arp", "The ARP packet is cut off or not one for IPv4 over Ethernet."),
    /** Version or header length. */
    BAD_IP_HEADER(6, "bad-ip-header", "The IP version is not 4 or the header length is impossible."),
    /** Header checksum. */
    BAD_IP_CHECKSUM(7, "bad-ip-checksum", "The checksum of the IP header is wrong."),
    /** Total length. */
    BAD_LENGTH(8, "bad-length", "The total length of the packet is smaller than its header."),
    /** Options. */
    BAD_IP_OPTIONS(9, "bad-ip-options", "The IP options are malformed."),
    /** Source route. */
    SOURCE_ROUTE(10, "source-route", "The packet asks for a source route, which is not honoured."),
    /** Transport header. */
    BAD_TRANSPORT_HEADER(11, "bad-transport-header", "The TCP, UDP, SCTP or ICMP header is cut off."),
    /** TCP or UDP checksum, where we must look at it. */
    BAD_TRANSPORT_CHECKSUM(
            13,
            "bad-transport-checksum",
            "The TCP or UDP checksum of a packet that has to be answered or changed here is wrong."),
    /** ICMP checksum. */
    BAD_ICMP_CHECKSUM(12, "bad-icmp-checksum", "The checksum of the ICMP message is wrong."),

    /** Two fragments claim the same bytes. */
    FRAGMENT_OVERLAP(16, "fragment-overlap", "A fragment overlaps another; the whole datagram is refused."),
    /** Again. */
    FRAGMENT_DUPLICATE(17, "fragment-duplicate", "The bytes of the fragment had arrived before."),
    /** Impossible place or size. */
    FRAGMENT_MALFORMED(18, "fragment-malformed", "A fragment is empty, too far out or contradicts the last one."),
    /** No room. */
    FRAGMENT_QUEUE_FULL(19, "fragment-queue-full", "No room was left to hold a further incomplete datagram."),
    /** Too late. */
    FRAGMENT_TIMEOUT(20, "fragment-timeout", "The rest of the datagram did not arrive in time."),
    /** Congestion marks that cannot go together. */
    FRAGMENT_ECN(21, "fragment-ecn", "The fragments carry congestion marks that contradict each other."),

    /** Scratch memory. */
    NO_SCRATCH(24, "no-scratch", "The batch's memory for frames of our own making was used up."),
    /** Packet would not fit. */
    TOO_LARGE(25, "too-large", "The packet would exceed 65,535 bytes or the memory of its frame."),
    /** Source NAT. */
    PORT_POOL_EXHAUSTED(26, "port-pool-exhausted", "No port was left for the source NAT of a new connection."),
    /** Super-frame of a kind that cannot be cut. */
    CANNOT_SEGMENT(27, "cannot-segment", "The super-frame is of a kind that cannot be cut into packets."),

    /** Ethernet destination. */
    NOT_OUR_MAC(32, "not-our-mac", "The frame is for the hardware address of somebody else."),
    /** TTL. */
    TTL_EXCEEDED(33, "ttl-exceeded", "The packet's time to live ended here."),
    /** MTU. */
    MTU_EXCEEDED(34, "mtu-exceeded", "The packet is larger than the next link allows and must not be fragmented."),
    /** Routing. */
    NO_ROUTE(35, "no-route", "There is no route to the next destination."),
    /** ARP. */
    NO_NEIGHBOUR(36, "no-neighbour", "The hardware address of the next hop is not known."),
    /** No real server. */
    NO_SERVER(37, "no-server", "The virtual service has no usable real server."),
    /** Connection's server was deleted. */
    SERVER_GONE(38, "server-gone", "The connection's real server is no longer in the table."),
    /** No connection. */
    NO_CONNECTION(39, "no-connection", "The packet belongs to no connection and cannot open one."),
    /** Capacity. */
    CONNECTION_TABLE_FULL(40, "connection-table-full", "The connection table had no room for a new connection."),
    /** Defence. */
    DROP_PACKET(41, "drop-packet", "The drop_packet defence refused a new connection while memory was short."),
    /** Limit on what we originate. */
    RATE_LIMITED(42, "rate-limited", "The answer to the packet exceeded the rate limit of its kind."),
    /** Ring out. */
    SEND_FAILED(43, "send-failed", "The interface did not take the frame."),
    /** Martian. */
    BAD_ADDRESS(44, "bad-address", "The source or destination address is not one that may be forwarded."),
    /** FTP helper. */
    FTP_REFUSED(45, "ftp-refused", "The FTP helper refused a command that names somebody else's address."),
    /** Forwarding method. */
    METHOD_NOT_BUILT(46, "method-not-built", "The real server's kind of tunnel can be configured but not used.");

    private static final int MAX_ID = 63;
    private static final DropReason[] BY_ID = new DropReason[MAX_ID + 1];

    static {
        for (final DropReason reason : values()) {
            BY_ID[reason.id] = reason;
        }
    }

    private final int id;
    private final String label;
    private final String explanation;

    DropReason(final int id, final String label, final String explanation) {
        this.id = id;
        this.label = label;
        this.explanation = explanation;
    }

    /** Number of the reason, 1..{@link #maxId()}; never reused. */
    public int id() {
        return id;
    }

    /** Label of the reason's counter: lower case words joined by hyphens. */
    public String label() {
        return label;
    }

    /** One sentence for the manual. */
    public String explanation() {
        return explanation;
    }

    /** Largest number that a reason may have: the size of counter arrays less one. */
    public static int maxId() {
        return MAX_ID;
    }

    /**
     * The reason with a number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static DropReason of(final int id) {
        final DropReason reason = id > 0 && id <= MAX_ID ? BY_ID[id] : null;
        if (reason == null) {
            throw new IllegalArgumentException("no drop reason has the number " + id);
        }
        return reason;
    }
}
