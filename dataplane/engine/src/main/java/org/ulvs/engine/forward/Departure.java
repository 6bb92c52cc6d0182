// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.ulvs.dr.DirectRouting;
import org.ulvs.dr.IpipTunnel;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/**
 * The last step: a finished packet leaves through an interface, whole, in fragments, or cut into segments where it is a
 * super-frame that cannot leave as such. Owned by the worker.
 */
final class Departure {
    /** Bytes of the IP packet as it goes over the wire: of one segment, for a super-frame. */
    int packetLength(Frame frame, PacketView view) {
        if (frame.gsoType() == Frame.GSO_NONE) {
            return view.totalLength();
        }
        final int transport = view.protocol() == Ipv4.TCP
                ? Tcp.headerLength(frame.buffer(), view.transportOffset())
                : view.payloadOffset() - view.transportOffset();
        return view.ipHeaderLength() + transport + frame.gsoSize();
    }

    /** Sends a frame whose addresses are set. */
    int send(Frame frame, NextHops.Hop hop, FrameSink sink) {
        sink.send(frame, hop.port);
        return Transmitter.SENT;
    }

    /** Encapsulates and sends. */
    int tunnel(
            Frame frame, PacketView view, NextHops.Hop hop, int server, int id, boolean pmtuDiscovery, FrameSink sink) {
        final int refusal = IpipTunnel.encapsulate(frame, hop.sourceAddress, server, id, pmtuDiscovery);
        if (refusal != PacketView.OK) {
            return refusal;
        }
        DirectRouting.forward(frame, hop.destinationMac, hop.sourceMac);
        return send(frame, hop, sink);
    }
}
