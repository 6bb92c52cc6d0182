// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import org.agrona.concurrent.status.AtomicCounter;
import org.ulvs.engine.forward.ArpHandler;
import org.ulvs.engine.forward.NextHops;
import org.ulvs.wire.Arp;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.reply.ArpMessage;

/**
 * Answers ARP for owned addresses (RFC 826), learns from who asks, and notices who else claims them (RFC 5227). Worker
 * 0's thread: steering brings all ARP there.
 */
final class ArpResponder implements ArpHandler {
    private final OwnedAddressTable owned;
    private final NextHops nextHops;
    private final NeighbourRequests requests;
    private final Fencing fencing;
    private final AtomicCounter probes;
    private final AtomicCounter conflicts;

    ArpResponder(
            OwnedAddressTable owned,
            NextHops nextHops,
            NeighbourRequests requests,
            Fencing fencing,
            AtomicCounter probes,
            AtomicCounter conflicts) {
        this.owned = owned;
        this.nextHops = nextHops;
        this.requests = requests;
        this.fencing = fencing;
        this.probes = probes;
        this.conflicts = conflicts;
    }

    @Override
    public boolean onArp(Frame frame, FrameSink sink) {
        final int arp = frame.offset() + Ethernet.LENGTH;
        if (frame.length() < Ethernet.LENGTH + Arp.LENGTH || !Arp.isEthernetIpv4(frame.buffer(), arp)) {
            return false;
        }
        final int port = frame.port();
        final long ourMac = nextHops.macAddress(port);
        final int sender = Arp.sender(frame.buffer(), arp);
        final long senderMac = Arp.senderHardware(frame.buffer(), arp);
        if (owned.contains(sender)) {
            if (senderMac != ourMac) {
                conflicts.incrementRelease();
                fencing.onClaim(sender, senderMac);
            }
            return false;
        }
        if (Arp.operation(frame.buffer(), arp) != Arp.REQUEST
                || !owned.isAnsweredOn(Arp.target(frame.buffer(), arp), port)) {
            return false;
        }
        if (sender == 0) {
            probes.incrementRelease();
        } else {
            requests.learn(port, sender, senderMac);
        }
        final Frame reply = ArpMessage.reply(sink, frame, ourMac);
        if (reply == null) {
            return false;
        }
        reply.vlanTci(frame.vlanTci());
        sink.send(reply, port);
        return true;
    }
}
