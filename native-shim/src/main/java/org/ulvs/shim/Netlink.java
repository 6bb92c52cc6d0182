// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The kernel's interfaces, addresses, routes and neighbours (rtnetlink, IPv4). One socket hears of changes, another
 * asks. Owned by one thread.
 */
public final class Netlink implements AutoCloseable {
    /** NUD_INCOMPLETE. */
    public static final int NUD_INCOMPLETE = 0x01;
    /** NUD_REACHABLE. */
    public static final int NUD_REACHABLE = 0x02;
    /** NUD_STALE. */
    public static final int NUD_STALE = 0x04;
    /** NUD_FAILED. */
    public static final int NUD_FAILED = 0x20;
    /** States in which the MAC address of a neighbour is known. */
    public static final int NUD_VALID = 0x80 | 0x40 | 0x10 | 0x08 | NUD_STALE | NUD_REACHABLE;

    /** What {@link #dump} asks for. */
    public enum Kind {
        /** Interfaces. */
        LINKS(NetlinkMessage.GET_LINK),
        /** Addresses. */
        ADDRESSES(NetlinkMessage.GET_ADDRESS),
        /** Routes of all tables. */
        ROUTES(NetlinkMessage.GET_ROUTE),
        /** Neighbours. */
        NEIGHBOURS(NetlinkMessage.GET_NEIGHBOUR);

        private final int type;

        Kind(int type) {
            this.type = type;
        }
    }

    /** Bits of RTMGRP_LINK, RTMGRP_NEIGH, RTMGRP_IPV4_IFADDR and RTMGRP_IPV4_ROUTE. */
    private static final int GROUPS = 0x1 | 0x4 | 0x10 | 0x40;

    private static final int BUFFER_LENGTH = 256 * 1024;
    private static final int NLM_F_REQUEST = 0x1;
    private static final int NLM_F_DUMP = 0x300;
    private static final int NLM_F_REPLACE = 0x100;
    private static final int NLM_F_CREATE = 0x400;
    private static final byte AF_UNSPEC = 0;
    private static final byte AF_INET = 2;
    private static final byte NTF_USE = 1;
    private static final int BODY_LENGTH = 16;
    private static final int NEIGHBOUR_BODY_LENGTH = 12;
    private static final int ADDRESS_ATTRIBUTE_LENGTH = 8;
    private static final int MAC_ATTRIBUTE_LENGTH = 10;
    private static final short NDA_DST = 1;
    private static final short NDA_LLADDR = 2;
    private static final short POLLIN = 1;
    private static final long DUMP_DEADLINE_NS = TimeUnit.SECONDS.toNanos(5);

    private final UnsafeBuffer in = new UnsafeBuffer(BufferUtil.allocateDirectAligned(BUFFER_LENGTH, 8));
    private final UnsafeBuffer out = new UnsafeBuffer(BufferUtil.allocateDirectAligned(64, 8));
    private final UnsafeBuffer pollDescriptor = new UnsafeBuffer(BufferUtil.allocateDirectAligned(8, 8));
    private final NetlinkMessage message = new NetlinkMessage(in);
    private final int events;
    private final int requests;
    private int sequence;

    /** Opens both sockets; changes from now on are kept for {@link #poll}. */
    public Netlink() {
        events = Shim.check(Shim.calls().netlinkOpen(GROUPS), "rtnetlink");
        requests = Shim.check(Shim.calls().netlinkOpen(0), "rtnetlink");
    }

    /**
     * Delivers all objects of a kind. Waits for the kernel's answer.
     *
     * @throws ShimException if the kernel refuses or does not answer
     */
    public void dump(Kind kind, NetlinkListener listener) {
        drain();
        sequence++;
        out.setMemory(0, NetlinkMessage.HEADER_LENGTH + BODY_LENGTH, (byte) 0);
        header(kind.type, NLM_F_REQUEST | NLM_F_DUMP, BODY_LENGTH);
        out.putByte(NetlinkMessage.HEADER_LENGTH, kind == Kind.LINKS ? AF_UNSPEC : AF_INET);
        Shim.check(
                Shim.calls().netlinkSend(requests, out.addressOffset(), NetlinkMessage.HEADER_LENGTH + BODY_LENGTH),
                "rtnetlink request for " + kind);
        while (!readDump(kind, listener)) {
            awaitAnswer(kind);
        }
    }

    private void drain() {
        while (Shim.calls().receive(requests, in.addressOffset(), BUFFER_LENGTH) > 0) {
            // answers to requests that nobody waits for
        }
    }

    private void awaitAnswer(Kind kind) {
        pollDescriptor.putInt(0, requests);
        pollDescriptor.putInt(BitUtil.SIZE_OF_INT, POLLIN);
        final int ready = Shim.calls().poll(pollDescriptor.addressOffset(), 1, DUMP_DEADLINE_NS);
        if (ready == 0) {
            throw new ShimException(Shim.EAGAIN, "rtnetlink: no answer to the request for " + kind);
        }
    }

    private boolean readDump(Kind kind, NetlinkListener listener) {
        while (true) {
            final int n = Shim.calls().receive(requests, in.addressOffset(), BUFFER_LENGTH);
            if (n == -Shim.EAGAIN || n == -Shim.EINTR) {
                return false;
            }
            Shim.check(n, "rtnetlink answer about " + kind);
            for (int at = message.wrap(0, n); at >= 0; at = message.wrap(at, n)) {
                if (message.sequence() != sequence) {
                    continue;
                }
                if (message.type() == NetlinkMessage.DONE) {
                    return true;
                }
                if (message.type() == NetlinkMessage.ERROR) {
                    Shim.check(-message.error(), "rtnetlink request for " + kind);
                }
                message.deliver(listener);
            }
        }
    }

    /**
     * Delivers the changes that have happened. Does not wait.
     *
     * @return number of datagrams read, or -1 if changes were lost: then everything must be dumped again
     */
    public int poll(NetlinkListener listener) {
        int count = 0;
        while (true) {
            final int n = Shim.calls().receive(events, in.addressOffset(), BUFFER_LENGTH);
            if (n == -Shim.EAGAIN || n == -Shim.EINTR) {
                return count;
            }
            if (n == -Shim.ENOBUFS) {
                return -1;
            }
            Shim.check(n, "rtnetlink");
            count++;
            for (int at = message.wrap(0, n); at >= 0; at = message.wrap(at, n)) {
                message.deliver(listener);
            }
        }
    }

    /** Descriptor that becomes readable when there is something to {@link #poll}. */
    public int descriptor() {
        return events;
    }

    /** Asks the kernel to find out a neighbour, or to check that it is still there. The answer comes as an event. */
    public void resolve(int interfaceIndex, int address) {
        neighbour(interfaceIndex, address, 0, NTF_USE, NLM_F_REQUEST | NLM_F_CREATE, 0);
    }

    /** Tells the kernel the MAC address of a neighbour, to be checked at its next use. */
    public void learn(int interfaceIndex, int address, long mac) {
        neighbour(interfaceIndex, address, NUD_STALE, (byte) 0, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE, mac);
    }

    private void neighbour(int interfaceIndex, int address, int state, byte neighbourFlags, int flags, long mac) {
        final int macLength = mac == 0 ? 0 : NetlinkMessage.align(MAC_ATTRIBUTE_LENGTH);
        final int body = NEIGHBOUR_BODY_LENGTH + ADDRESS_ATTRIBUTE_LENGTH + macLength;
        out.setMemory(0, NetlinkMessage.HEADER_LENGTH + body, (byte) 0);
        sequence++;
        header(NetlinkMessage.NEW_NEIGHBOUR, flags, body);
        int at = NetlinkMessage.HEADER_LENGTH;
        out.putByte(at, AF_INET);
        out.putInt(at + 4, interfaceIndex);
        out.putShort(at + 8, (short) state);
        out.putByte(at + 10, neighbourFlags);
        at += NEIGHBOUR_BODY_LENGTH;
        out.putShort(at, (short) ADDRESS_ATTRIBUTE_LENGTH);
        out.putShort(at + 2, NDA_DST);
        out.putInt(at + 4, address, ByteOrder.BIG_ENDIAN);
        if (mac != 0) {
            at += ADDRESS_ATTRIBUTE_LENGTH;
            out.putShort(at, (short) MAC_ATTRIBUTE_LENGTH);
            out.putShort(at + 2, NDA_LLADDR);
            out.putShort(at + 4, (short) (mac >>> 32), ByteOrder.BIG_ENDIAN);
            out.putInt(at + 6, (int) mac, ByteOrder.BIG_ENDIAN);
        }
        // an interface that has just gone is no error: its removal is on its way as an event
        Shim.calls().netlinkSend(requests, out.addressOffset(), NetlinkMessage.HEADER_LENGTH + body);
    }

    private void header(int type, int flags, int body) {
        out.putInt(NetlinkMessage.LENGTH_OFFSET, NetlinkMessage.HEADER_LENGTH + body);
        out.putShort(NetlinkMessage.TYPE_OFFSET, (short) type);
        out.putShort(NetlinkMessage.FLAGS_OFFSET, (short) flags);
        out.putInt(NetlinkMessage.SEQUENCE_OFFSET, sequence);
    }

    @Override
    public void close() {
        Shim.calls().close(events);
        Shim.calls().close(requests);
    }
}
