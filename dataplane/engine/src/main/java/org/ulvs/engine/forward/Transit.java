// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.ulvs.wire.DropReason;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;

/**
 * Packets that no connection and no service wants: to an owned address they are answered as by a local stack; to the
 * host they are left alone; others are routed as they are. Owned by the worker.
 */
final class Transit {
    /** The packet has been dealt with. */
    static final int DONE = -1;

    private final Breath breath;
    private final Answers answers;
    private final PacketCounters counters;
    private final NextHops nextHops;
    private final OwnedAddresses owned;
    private final Transmitter transmitter;
    private final OutgoingNat outgoingNat;
    private final NextHops.Hop hop = new NextHops.Hop();

    Transit(
            Breath breath,
            Answers answers,
            PacketCounters counters,
            NextHops nextHops,
            OwnedAddresses owned,
            Transmitter transmitter,
            OutgoingNat outgoingNat) {
        this.breath = breath;
        this.answers = answers;
        this.counters = counters;
        this.nextHops = nextHops;
        this.owned = owned;
        this.transmitter = transmitter;
        this.outgoingNat = outgoingNat;
    }

    /** Whether packets to this address are the host's affair, whatever their ports. */
    boolean isForHost(int destination) {
        return !owned.contains(destination)
                && !breath.services().isVirtualAddress(destination)
                && nextHops.lookup(destination, hop) == NextHops.LOCAL;
    }

    /**
     * Whether the dataplane itself is spoken to at this address: one that it owns, or a virtual one that no host has.
     * At a virtual address of the host the host answers what is for none of our services.
     */
    boolean isAddressed(int destination) {
        return owned.contains(destination)
                || (breath.services().isVirtualAddress(destination)
                        && nextHops.lookup(destination, hop) != NextHops.LOCAL);
    }

    /** Whether a packet to this address has arrived: at the dataplane or at the host. */
    boolean isLocal(int destination) {
        return isAddressed(destination) || nextHops.lookup(destination, hop) == NextHops.LOCAL;
    }

    /**
     * Deals with such a packet.
     *
     * @return {@link #DONE}, or the connection (0 or more) that its source NAT has just opened: then the packet is one
     *     of a real server on that connection
     */
    int on(Frame frame, PacketView view) {
        if (isAddressed(view.destination())) {
            answers.asLocalStack(frame, view);
            return DONE;
        }
        final int route = nextHops.lookup(view.destination(), hop);
        if (route == NextHops.LOCAL || route == NextHops.NOT_OURS || route == NextHops.NO_ROUTE) {
            counters.leftToHost();
        } else if (isMartian(view.source())) {
            counters.dropped(DropReason.BAD_ADDRESS);
        } else {
            final int connection = outgoingNat.isIdle() ? OutgoingNat.NOT_TRANSLATED : outgoingNat.open(view, hop.port);
            if (connection >= 0) {
                return connection;
            }
            forward(frame, view, connection);
        }
        return DONE;
    }

    private void forward(Frame frame, PacketView view, int refusal) {
        int sent =
                refusal == OutgoingNat.NOT_TRANSLATED ? transmitter.route(frame, view) : OutgoingNat.reasonId(refusal);
        if (sent == Transmitter.SENT) {
            sent = transmitter.leave(frame, view);
        }
        if (sent == Transmitter.SENT) {
            counters.routed();
        } else {
            counters.dropped(sent);
        }
    }

    /** Addresses that no host may have (RFC 1812 5.3.7): 0/8, 127/8, 224/3. */
    private static boolean isMartian(int source) {
        final int first = source >>> 24;
        return first == 0 || first == 127 || first >= 224;
    }
}
