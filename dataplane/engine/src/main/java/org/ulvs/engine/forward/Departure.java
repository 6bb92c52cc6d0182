// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.dr.DirectRouting;
import org.ulvs.dr.Tunnel;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.fragments.FragmentQueue;
import org.ulvs.wire.fragments.Fragmenter;
import org.ulvs.wire.offload.ChecksumOffload;
import org.ulvs.wire.offload.Segmenter;

/**
 * The last step: a finished packet leaves through an interface, whole, in fragments, in the pieces that it came in, or
 * cut into segments where it is a super-frame that cannot leave as such. Owned by the worker.
 */
final class Departure {
    private final FragmentQueue fragments;
    private final Fragmenter fragmenter = new Fragmenter();
    private final Segmenter segmenter = new Segmenter();
    private final PacketView segmentView = new PacketView();

    Departure(FragmentQueue fragments) {
        this.fragments = fragments;
    }

    /** Bytes of the IP packet as it goes over the wire: of one segment for a super-frame, of the largest fragment. */
    int packetLength(Frame frame, PacketView view) {
        if (isReassembled(frame)) {
            return fragments.largestFragment();
        }
        return frame.gsoType() == Frame.GSO_NONE ? view.totalLength() : segmentLength(frame, view);
    }

    private static int segmentLength(Frame frame, PacketView view) {
        final int transport = view.protocol() == Ipv4.TCP
                ? Tcp.headerLength(frame.buffer(), view.transportOffset())
                : view.payloadOffset() - view.transportOffset();
        return view.ipHeaderLength() + transport + frame.gsoSize();
    }

    private boolean isReassembled(Frame frame) {
        return frame == fragments.datagram();
    }

    /**
     * Sends a frame whose headers are finished.
     *
     * @return {@link Transmitter#SENT} or the id of a {@link DropReason}
     */
    int send(Frame frame, PacketView view, NextHops.Hop hop, FrameSink sink) {
        makeDatagram(frame);
        if (isReassembled(frame)) {
            return fragments.sendFragments(sink, hop.port, hop.mtu);
        }
        if (packetLength(frame, view) <= hop.mtu) {
            sink.send(frame, hop.port);
            return Transmitter.SENT;
        }
        return frame.gsoType() == Frame.GSO_NONE
                ? fragmenter.fragment(frame, hop.mtu, sink, hop.port)
                : sendSegments(frame, view, hop, sink);
    }

    /** A super-frame that stands for the fragments of one datagram becomes that datagram. */
    private static void makeDatagram(Frame frame) {
        if ((frame.gsoType() & ~Frame.GSO_ECN) == Frame.GSO_UDP) {
            ChecksumOffload.finish(frame);
            frame.plain();
        }
    }

    /** A super-frame whose segments are too large for the link: smaller segments. */
    private int sendSegments(Frame frame, PacketView view, NextHops.Hop hop, FrameSink sink) {
        final int refusal = segmenter.start(frame, view, hop.mtu);
        if (refusal != PacketView.OK) {
            return refusal;
        }
        @Nullable Frame segment = segmenter.next(sink);
        while (segment != null) {
            sink.send(segment, hop.port);
            segment = segmenter.next(sink);
        }
        return segmenter.isFinished() ? Transmitter.SENT : DropReason.NO_SCRATCH.id();
    }

    /** Encapsulates and sends. */
    int tunnel(
            Frame frame,
            PacketView view,
            NextHops.Hop hop,
            ServerSpec server,
            Answers answers,
            boolean pmtuDiscovery,
            FrameSink sink) {
        makeDatagram(frame);
        if (frame.gsoType() == Frame.GSO_NONE) {
            return tunnelOne(frame, hop, server, answers, pmtuDiscovery, sink);
        }
        // the super-frame came from a ring, and what we made before it has been sent
        sink.makeRoom();
        final int refusal =
                segmenter.start(frame, view, hop.mtu - Tunnel.overhead(server.tunnelType(), server.tunnelFlags()));
        if (refusal != PacketView.OK) {
            return refusal;
        }
        @Nullable Frame segment = segmenter.next(sink);
        while (segment != null) {
            final int sent = tunnelOne(segment, hop, server, answers, pmtuDiscovery, sink);
            if (sent != Transmitter.SENT) {
                return sent;
            }
            segment = segmenter.next(sink);
        }
        return segmenter.isFinished() ? Transmitter.SENT : DropReason.NO_SCRATCH.id();
    }

    private int tunnelOne(
            Frame frame, NextHops.Hop hop, ServerSpec server, Answers answers, boolean pmtuDiscovery, FrameSink sink) {
        final int refusal = Tunnel.encapsulate(
                frame,
                server.tunnelType(),
                server.tunnelPort(),
                server.tunnelFlags(),
                hop.sourceAddress,
                server.address().asV4(),
                answers.nextId(),
                pmtuDiscovery);
        if (refusal != PacketView.OK) {
            return refusal;
        }
        DirectRouting.forward(frame, hop.destinationMac, hop.sourceMac);
        if (frame.length() - Ethernet.LENGTH <= hop.mtu) {
            sink.send(frame, hop.port);
            return Transmitter.SENT;
        }
        final int parsed = segmentView.parse(frame);
        return parsed != PacketView.OK ? parsed : fragmenter.fragment(frame, hop.mtu, sink, hop.port);
    }
}
