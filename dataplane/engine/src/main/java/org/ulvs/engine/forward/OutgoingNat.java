// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import java.util.Arrays;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Connections;
import org.ulvs.rules.Classifier;
import org.ulvs.rules.SourceNat;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/**
 * Source NAT of connections that real servers open (rules of nat POSTROUTING). The peer takes the place of the client
 * in the connection, so both directions are found and steered like any connection. A port is free if no connection has
 * it with the same peer. Owned by the worker.
 */
final class OutgoingNat {
    /** No rule wants the packet to be translated. */
    static final int NOT_TRANSLATED = -1;

    private static final int PEERS = 1024;
    private static final int PAUSE_TICKS = 10;

    private final Breath breath;
    private final Connections connections;
    private final ConnectionTable table;
    private final NextHops nextHops;
    private final OwnedAddresses owned;
    /** Peers for whom a whole search found no free port, and until when none is begun again. */
    private final long[] exhaustedPeers = new long[PEERS];

    private final int[] exhaustedUntil = new int[PEERS];
    private Classifier rules = Classifier.EMPTY;
    private int cursor;

    OutgoingNat(Breath breath, Connections connections, NextHops nextHops, OwnedAddresses owned) {
        this.breath = breath;
        this.connections = connections;
        this.table = connections.table();
        this.nextHops = nextHops;
        this.owned = owned;
    }

    /**
     * Makes the connection of a packet that is about to be routed, if a rule wants its source translated.
     *
     * @param egress port through which it would leave
     * @return the connection (0 or more), {@link #NOT_TRANSLATED}, or the negated id of a {@link DropReason} less 1
     */
    int open(PacketView view, int egress) {
        final SourceNat rule = breath.classifier()
                .sourceNat(
                        view.protocol(),
                        view.source(),
                        view.destination(),
                        view.sourcePort(),
                        view.destinationPort(),
                        egress);
        if (rule == null || !mayOpen(view)) {
            return NOT_TRANSLATED;
        }
        final int address = address(rule, view, egress);
        final int port = port(rule, view, address);
        if (port < 0) {
            return refusal(DropReason.PORT_POOL_EXHAUSTED);
        }
        final int connection = connections.create(
                view.protocol(),
                view.destination(),
                view.destinationPort(),
                address,
                port,
                view.source(),
                view.sourcePort(),
                null,
                false,
                false,
                0,
                ServerSpec.MASQUERADE);
        return connection == Connections.NONE ? refusal(DropReason.CONNECTION_TABLE_FULL) : connection;
    }

    private static boolean mayOpen(PacketView view) {
        return view.protocol() == Ipv4.UDP
                || (view.protocol() == Ipv4.TCP && (view.tcpFlags() & (Tcp.SYN | Tcp.ACK | Tcp.RST)) == Tcp.SYN);
    }

    private static int refusal(DropReason reason) {
        return -1 - reason.id();
    }

    /** The drop reason in a refusal of {@link #open}. */
    static int reasonId(int refusal) {
        return -1 - refusal;
    }

    private int address(SourceNat rule, PacketView view, int egress) {
        if (!rule.masquerade()) {
            final int span = rule.highAddress() - rule.lowAddress() + 1;
            return rule.lowAddress() + Integer.remainderUnsigned(view.source() ^ view.destination(), span);
        }
        final int ours = owned.sourceOn(egress);
        return ours != 0 ? ours : nextHops.portAddress(egress);
    }

    private int port(SourceNat rule, PacketView view, int address) {
        final int first = rule.firstPort();
        final int last = rule.lastPort();
        final int wanted = view.sourcePort();
        final boolean mayKeep = (wanted >= first && wanted <= last)
                // on an address of the host another port may be the host's own
                || (!rule.namesPorts() && owned.contains(address));
        if (mayKeep && isFree(view, address, wanted)) {
            return wanted;
        }
        final int place = place(view, address);
        final long peer = ((long) view.destination() << 32)
                | ((long) view.destinationPort() << 16)
                | ((address ^ view.protocol() << 8) & 0xFFFF);
        if (exhaustedPeers[place] == peer && exhaustedUntil[place] - breath.ticks() > 0) {
            return -1;
        }
        final int size = last - first + 1;
        for (int tries = 0; tries < size; tries++) {
            cursor = cursor + 1 < size ? cursor + 1 : 0;
            if (isFree(view, address, first + cursor)) {
                return first + cursor;
            }
        }
        exhaustedPeers[place] = peer;
        exhaustedUntil[place] = breath.ticks() + PAUSE_TICKS;
        return -1;
    }

    private int place(PacketView view, int address) {
        if (rules != breath.classifier()) {
            rules = breath.classifier();
            Arrays.fill(exhaustedPeers, 0);
        }
        return table.tag(view.destination() ^ address, view.destinationPort(), view.protocol()) & (PEERS - 1);
    }

    private boolean isFree(PacketView view, int address, int port) {
        final int tag = table.tag(view.destination(), view.destinationPort(), view.protocol());
        return breath.services().find(0, view.protocol(), address, port) == null
                && table.findInbound(tag, view.protocol(), view.destination(), view.destinationPort(), address, port)
                        == Connections.NONE;
    }

    /** Whether there is no rule at all. */
    boolean isIdle() {
        return !breath.classifier().hasSourceNat();
    }
}
