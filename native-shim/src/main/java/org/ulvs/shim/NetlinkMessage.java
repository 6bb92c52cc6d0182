// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Flyweight over one rtnetlink message: {@code struct nlmsghdr}, a body of fixed length, attributes. Native byte order
 * but for addresses.
 */
final class NetlinkMessage {
    static final int ERROR = 2;
    static final int DONE = 3;
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int GET_LINK = 18;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int GET_ADDRESS = 22;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;
    static final int GET_ROUTE = 26;
    static final int NEW_NEIGHBOUR = 28;
    static final int DELETE_NEIGHBOUR = 29;
    static final int GET_NEIGHBOUR = 30;

    static final int HEADER_LENGTH = 16;
    static final int LENGTH_OFFSET = 0;
    static final int TYPE_OFFSET = 4;
    static final int FLAGS_OFFSET = 6;
    static final int SEQUENCE_OFFSET = 8;

    private static final byte AF_INET = 2;

    private static final int LINK_LENGTH = 16;
    private static final int LINK_INDEX_OFFSET = 4;
    private static final int LINK_FLAGS_OFFSET = 8;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;

    private static final int ADDRESS_LENGTH = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;

    private static final int ROUTE_LENGTH = 12;
    private static final int ROUTE_PREFIX_OFFSET = 1;
    private static final int ROUTE_TABLE_OFFSET = 4;
    private static final int ROUTE_TYPE_OFFSET = 7;
    private static final int ROUTE_FLAGS_OFFSET = 8;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_METRICS = 8;
    private static final int RTA_MULTIPATH = 9;
    private static final int RTA_TABLE = 15;
    private static final int RTAX_MTU = 2;
    private static final int RTNH_LENGTH = 8;
    private static final int RTNH_F_DEAD = 1;
    private static final int RTM_F_CLONED = 0x200;

    private static final int NEIGHBOUR_LENGTH = 12;
    private static final int NEIGHBOUR_INDEX_OFFSET = 4;
    private static final int NEIGHBOUR_STATE_OFFSET = 8;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;

    private static final int MAC_LENGTH = 6;

    private final UnsafeBuffer buffer;
    private int offset;
    private int length;

    NetlinkMessage(UnsafeBuffer buffer) {
        this.buffer = buffer;
    }

    /** Points at the message at {@code offset}; returns where the next one begins, or -1 if none is there. */
    int wrap(int offset, int limit) {
        if (limit - offset < HEADER_LENGTH) {
            return -1;
        }
        this.offset = offset;
        this.length = buffer.getInt(offset + LENGTH_OFFSET);
        if (length < HEADER_LENGTH || length > limit - offset) {
            return -1;
        }
        return offset + align(length);
    }

    int type() {
        return buffer.getShort(offset + TYPE_OFFSET) & 0xffff;
    }

    int sequence() {
        return buffer.getInt(offset + SEQUENCE_OFFSET);
    }

    /** Of an {@link #ERROR}: 0 or an errno. */
    int error() {
        return -buffer.getInt(offset + HEADER_LENGTH);
    }

    void deliver(NetlinkListener listener) {
        switch (type()) {
            case NEW_LINK, DELETE_LINK -> link(listener, type() == DELETE_LINK);
            case NEW_ADDRESS, DELETE_ADDRESS -> address(listener, type() == DELETE_ADDRESS);
            case NEW_ROUTE, DELETE_ROUTE -> route(listener, type() == DELETE_ROUTE);
            case NEW_NEIGHBOUR, DELETE_NEIGHBOUR -> neighbour(listener, type() == DELETE_NEIGHBOUR);
            default -> {
                // other kinds of object tell us nothing
            }
        }
    }

    private void link(NetlinkListener listener, boolean removed) {
        final int body = offset + HEADER_LENGTH;
        String name = "";
        long mac = 0;
        int mtu = 0;
        final int end = offset + length;
        for (int at = body + LINK_LENGTH; isAttribute(at, end); at += align(attributeLength(at))) {
            switch (attributeType(at)) {
                case IFLA_ADDRESS -> mac = mac(at);
                case IFLA_IFNAME -> name = text(at);
                case IFLA_MTU -> mtu = buffer.getInt(at + 4);
                default -> {
                    // not needed
                }
            }
        }
        // bridges send messages of their own family about ports: not about the interface itself
        if (buffer.getByte(body) == 0) {
            listener.onLink(
                    buffer.getInt(body + LINK_INDEX_OFFSET),
                    name,
                    mac,
                    mtu,
                    buffer.getInt(body + LINK_FLAGS_OFFSET),
                    removed);
        }
    }

    private void address(NetlinkListener listener, boolean removed) {
        final int body = offset + HEADER_LENGTH;
        if (buffer.getByte(body) != AF_INET) {
            return;
        }
        int address = 0;
        int local = 0;
        final int end = offset + length;
        for (int at = body + ADDRESS_LENGTH; isAttribute(at, end); at += align(attributeLength(at))) {
            switch (attributeType(at)) {
                case IFA_ADDRESS -> address = ipv4(at);
                case IFA_LOCAL -> local = ipv4(at);
                default -> {
                    // not needed
                }
            }
        }
        listener.onAddress(
                buffer.getInt(body + 4),
                local != 0 ? local : address,
                buffer.getByte(body + 1) & 0xff,
                buffer.getByte(body + 2) & 0xff,
                removed);
    }

    private void route(NetlinkListener listener, boolean removed) {
        final int body = offset + HEADER_LENGTH;
        if (buffer.getByte(body) != AF_INET || (buffer.getInt(body + ROUTE_FLAGS_OFFSET) & RTM_F_CLONED) != 0) {
            return;
        }
        int table = buffer.getByte(body + ROUTE_TABLE_OFFSET) & 0xff;
        int destination = 0;
        int priority = 0;
        int source = 0;
        int mtu = 0;
        final Way way = new Way();
        final int end = offset + length;
        for (int at = body + ROUTE_LENGTH; isAttribute(at, end); at += align(attributeLength(at))) {
            switch (attributeType(at)) {
                case RTA_DST -> destination = ipv4(at);
                case RTA_PRIORITY -> priority = buffer.getInt(at + 4);
                case RTA_PREFSRC -> source = ipv4(at);
                case RTA_METRICS -> mtu = mtu(at);
                case RTA_TABLE -> table = buffer.getInt(at + 4);
                case RTA_MULTIPATH -> multipath(at, way);
                default -> way.attribute(at);
            }
        }
        listener.onRoute(
                new NetlinkListener.Route(
                        table,
                        buffer.getByte(body + ROUTE_TYPE_OFFSET) & 0xff,
                        destination,
                        buffer.getByte(body + ROUTE_PREFIX_OFFSET) & 0xff,
                        priority,
                        way.interfaceIndex,
                        way.gateway,
                        source,
                        mtu),
                removed);
    }

    private int mtu(int metrics) {
        final int end = metrics + attributeLength(metrics);
        for (int at = metrics + 4; isAttribute(at, end); at += align(attributeLength(at))) {
            if (attributeType(at) == RTAX_MTU) {
                return buffer.getInt(at + 4);
            }
        }
        return 0;
    }

    private void multipath(int attribute, Way way) {
        final int end = attribute + attributeLength(attribute);
        int hop = attribute + 4;
        while (end - hop >= RTNH_LENGTH && way.interfaceIndex == 0) {
            final int hopLength = buffer.getShort(hop) & 0xffff;
            if (hopLength < RTNH_LENGTH || hopLength > end - hop) {
                return;
            }
            if ((buffer.getByte(hop + 2) & RTNH_F_DEAD) == 0) {
                way.interfaceIndex = buffer.getInt(hop + 4);
                final int hopEnd = hop + hopLength;
                for (int at = hop + RTNH_LENGTH; isAttribute(at, hopEnd); at += align(attributeLength(at))) {
                    way.attribute(at);
                }
            }
            hop += align(hopLength);
        }
    }

    private final class Way {
        private int interfaceIndex;
        private int gateway;

        void attribute(int at) {
            switch (attributeType(at)) {
                case RTA_OIF -> interfaceIndex = buffer.getInt(at + 4);
                case RTA_GATEWAY -> gateway = ipv4(at);
                default -> {
                    // not needed
                }
            }
        }
    }

    private void neighbour(NetlinkListener listener, boolean removed) {
        final int body = offset + HEADER_LENGTH;
        if (buffer.getByte(body) != AF_INET) {
            return;
        }
        int address = 0;
        long mac = 0;
        final int end = offset + length;
        for (int at = body + NEIGHBOUR_LENGTH; isAttribute(at, end); at += align(attributeLength(at))) {
            switch (attributeType(at)) {
                case NDA_DST -> address = ipv4(at);
                case NDA_LLADDR -> mac = mac(at);
                default -> {
                    // not needed
                }
            }
        }
        listener.onNeighbour(
                buffer.getInt(body + NEIGHBOUR_INDEX_OFFSET),
                address,
                mac,
                buffer.getShort(body + NEIGHBOUR_STATE_OFFSET) & 0xffff,
                removed);
    }

    private boolean isAttribute(int at, int end) {
        return end - at >= 4 && attributeLength(at) >= 4 && attributeLength(at) <= end - at;
    }

    private int attributeLength(int at) {
        return buffer.getShort(at) & 0xffff;
    }

    private int attributeType(int at) {
        return buffer.getShort(at + 2) & 0x3fff;
    }

    private int ipv4(int at) {
        return attributeLength(at) == 8 ? buffer.getInt(at + 4, ByteOrder.BIG_ENDIAN) : 0;
    }

    private long mac(int at) {
        if (attributeLength(at) != 4 + MAC_LENGTH) {
            return 0;
        }
        return (buffer.getShort(at + 4, ByteOrder.BIG_ENDIAN) & 0xffffL) << 32
                | (buffer.getInt(at + 6, ByteOrder.BIG_ENDIAN) & 0xffff_ffffL);
    }

    private String text(int at) {
        int end = at + attributeLength(at);
        while (end > at + 4 && buffer.getByte(end - 1) == 0) {
            end--;
        }
        final byte[] bytes = new byte[end - at - 4];
        buffer.getBytes(at + 4, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static int align(int length) {
        return (length + 3) & ~3;
    }
}
