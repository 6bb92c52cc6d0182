// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.forward;

import org.ulvs.cnc.ServerRecords;
import org.ulvs.engine.connection.ConnectionTable;
import org.ulvs.engine.connection.Connections;
import org.ulvs.engine.connection.Templates;
import org.ulvs.engine.table.Director;
import org.ulvs.engine.table.RealServer;
import org.ulvs.engine.table.Tunables;
import org.ulvs.engine.table.VirtualService;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;
import org.ulvs.wire.FrameSink;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.fragments.FragmentListener;
import org.ulvs.wire.fragments.FragmentQueue;

/**
 * One packet's way through a worker: parsed once, passed on by its connection ({@link KnownConnections}) or admitted
 * as a new one, answered, routed, left to the host, or dropped for a reason.
 *
 * <p>A batch is walked several times so that a worker with many connections does not wait for memory packet by packet,
 * see {@link PreparedBatch}; then each is dealt with in order.
 */
public final class Forwarder implements PacketProcessor {
    private static final int EXPIRY_LIMIT = MUCH_WORK;
    private static final int MAX_DATAGRAMS = 1024;
    private static final int FRAGMENT_BLOCKS = 2048;
    /** The kernel's ipfrag_time. */
    private static final long FRAGMENT_TIMEOUT_NS = 30_000_000_000L;

    private final int worker;
    private final Director director;
    private final ServerRecords records;
    private final Connections connections;
    private final Templates templates;
    private final OwnedAddresses owned;
    private final ArpHandler arp;
    private final PacketCounters counters;
    private final Breath breath;
    private final Answers answers;
    private final Defences defences;
    private final Admission admission;
    private final Transmitter transmitter;
    private final Transit transit;
    private final KnownConnections known;
    private final IcmpErrors icmpErrors;
    private final FragmentQueue fragments;
    private final PreparedBatch prepared;
    private final PacketView datagramView = new PacketView();

    private int sweeps;
    private boolean sweeping;

    /** A forwarder for one worker. */
    public Forwarder(ForwarderContext context) {
        this.worker = context.worker();
        this.director = context.director();
        final Tunables tunables = director.tunables();
        this.records = director.records();
        this.templates = context.templates();
        final ConnectionTable table = context.table();
        final NextHops nextHops = context.nextHops();
        this.owned = context.owned();
        this.arp = context.arp();
        this.counters = context.counters();
        this.breath = new Breath(director, context.epochClock());
        final SequenceRecords sequences = new SequenceRecords(table.sequences());
        this.connections = new Connections(
                table,
                records,
                director.slots(),
                templates,
                new CountedConnections(counters, sequences),
                Breath.ticks(context.nowNs()));
        this.fragments = new FragmentQueue(
                MAX_DATAGRAMS, FRAGMENT_BLOCKS, FRAGMENT_TIMEOUT_NS, context.seed(), new HeldFragments());
        final Departure departure = new Departure(fragments);
        this.answers = new Answers(
                breath,
                counters,
                nextHops,
                owned,
                new RateLimit(context.errorsPerSecond(), 100),
                new RateLimit(context.resetsPerSecond(), 1000));
        this.prepared = new PreparedBatch(table, nextHops, counters);
        this.defences = new Defences(tunables, connections, templates);
        this.admission = new Admission(director, breath, connections, templates, owned, defences, worker);
        this.transmitter = new Transmitter(breath, answers, nextHops, tunables, departure, table, director.slots());
        this.known = new KnownConnections(
                director,
                connections,
                breath,
                counters,
                transmitter,
                new FtpPath(connections, breath, sequences),
                defences,
                worker);
        this.transit = new Transit(
                breath,
                answers,
                counters,
                nextHops,
                owned,
                transmitter,
                new OutgoingNat(breath, connections, nextHops, owned));
        this.icmpErrors = new IcmpErrors(
                table, connections, records, counters, transmitter, answers, admission, tunables, worker);
    }

    /** The worker's connections. */
    public Connections connections() {
        return connections;
    }

    @Override
    public void onBatch(FrameBatch batch, FrameSink sink, long nowNs) {
        director.epochs().enter(worker);
        breath.begin(sink, nowNs);
        connections.now(breath.ticks());
        transmitter.begin();
        defences.begin();
        final int size = prepared.prepare(batch);
        for (int i = 0; i < size; i++) {
            process(batch.get(i), prepared.view(i), prepared.result(i), prepared.candidate(i));
        }
        counters.publish();
        director.epochs().leave(worker);
    }

    private void process(Frame frame, PacketView view, int result, int candidate) {
        if (result != PacketView.OK) {
            refuse(result);
            return;
        }
        if (view.isArp()) {
            if (arp.onArp(frame, breath.sink())) {
                counters.answered();
            } else {
                counters.leftToHost();
            }
            return;
        }
        if (!prepared.isForUs(frame)) {
            counters.leftToHost();
            return;
        }
        ipv4(frame, view, candidate);
    }

    /** What is not IPv4 is the host's; what is broken is nobody's. */
    private void refuse(int result) {
        if (result == DropReason.NOT_IPV4.id() || result == DropReason.VLAN.id()) {
            counters.leftToHost();
        } else {
            counters.dropped(result);
        }
    }

    private void ipv4(Frame frame, PacketView view, int candidate) {
        final int length = Ethernet.LENGTH + view.totalLength();
        if (frame.length() > length) {
            // what pads a short frame on one link has no meaning on the next
            frame.length(length);
        }
        if (breath.services().isEmpty() && !breath.classifier().hasSourceNat()) {
            transit(frame, view);
            return;
        }
        if (view.isFragment()) {
            fragment(frame, view);
        } else {
            packet(frame, view, candidate);
        }
    }

    /** Fragments wait for each other; then the datagram is dealt with like any packet. */
    private void fragment(Frame frame, PacketView view) {
        if (transit.isForHost(view.destination())) {
            counters.leftToHost();
            return;
        }
        final int result = fragments.offer(frame, view, breath.nowNs());
        if (result == FragmentQueue.HELD) {
            counters.held(1);
        } else if (result != FragmentQueue.COMPLETE) {
            counters.dropped(result);
        } else {
            final int count = fragments.fragmentCount();
            counters.held(1 - count);
            counters.weight(count);
            final int parsed = datagramView.parse(fragments.datagram());
            if (parsed == PacketView.OK) {
                packet(fragments.datagram(), datagramView, Connections.NONE);
            } else {
                counters.dropped(parsed);
            }
            counters.weight(1);
        }
    }

    private void packet(Frame frame, PacketView view, int candidate) {
        switch (view.protocol()) {
            case Ipv4.TCP, Ipv4.UDP, Ipv4.SCTP -> transport(frame, view, candidate);
            case Ipv4.ICMP -> {
                if (!view.isIcmpError() || !icmpErrors.on(frame, view)) {
                    transit(frame, view);
                }
            }
            default -> transit(frame, view);
        }
    }

    private void transit(Frame frame, PacketView view) {
        final int connection = transit.on(frame, view);
        if (connection != Transit.DONE) {
            known.reply(frame, view, connection);
        }
    }

    private void transport(Frame frame, PacketView view, int candidate) {
        if (prepared.isInside()) {
            if (known.outbound(frame, view, candidate) || known.inbound(frame, view, candidate)) {
                return;
            }
        } else if (known.inbound(frame, view, candidate) || known.outbound(frame, view, candidate)) {
            return;
        }
        newConnection(frame, view);
        connections.endRetired();
    }

    private void newConnection(Frame frame, PacketView view) {
        if (admission.isLostServer(view)) {
            lostServer(frame, view);
            return;
        }
        final VirtualService service = admission.find(frame, view);
        if (service == null || !admission.mayOpen(frame, view)) {
            transit(frame, view);
            return;
        }
        final int connection = admission.admit(view, service);
        if (connection >= 0) {
            known.pass(frame, view, connection);
            return;
        }
        switch (connection) {
            case Admission.ONE_PACKET -> onePacket(frame, view);
            case Admission.BYPASSES -> bypass(frame, view);
            case Admission.NO_SERVER -> {
                answers.portUnreachable(frame, view);
                counters.dropped(DropReason.NO_SERVER);
            }
            case Admission.TABLE_FULL -> counters.dropped(DropReason.CONNECTION_TABLE_FULL);
            case Admission.REFUSED -> counters.dropped(DropReason.DROP_PACKET);
            default -> transit(frame, view);
        }
    }

    /** The server is told as the kernel does while it forwards: what it reads has been over a hop. */
    private void lostServer(Frame frame, PacketView view) {
        final int sent = transit.isLocal(view.destination()) ? Transmitter.SENT : transmitter.route(frame, view);
        if (sent == Transmitter.SENT) {
            answers.portUnreachable(frame, view);
            counters.dropped(DropReason.NO_CONNECTION);
        } else {
            counters.dropped(sent);
        }
    }

    private void bypass(Frame frame, PacketView view) {
        final int sent = transmitter.toServer(frame, view, Admission.BYPASS, 0, 0, Connections.NONE);
        if (sent == Transmitter.SENT) {
            counters.forwardedToServer();
        } else {
            counters.dropped(sent);
        }
    }

    private void onePacket(Frame frame, PacketView view) {
        final RealServer server = admission.onePacketServer();
        records.countIn(server.slot(), worker, 1, view.totalLength());
        final int sent = transmitter.toServer(
                frame, view, server.method(), server.address(), admission.onePacketPort(), server.slot());
        admission.endOnePacket();
        if (sent == Transmitter.SENT) {
            counters.forwardedToServer();
        } else {
            counters.dropped(sent);
        }
    }

    @Override
    public int onTimer(FrameSink sink, long nowNs) {
        director.epochs().enter(worker);
        breath.begin(sink, nowNs);
        connections.now(breath.ticks());
        transmitter.forgetWays();
        int work =
                fragments.poll(nowNs) + connections.expire(EXPIRY_LIMIT) + defences.tick(nowNs, worker == 0) + sweep();
        if (worker == 0) {
            work += templates.expire(breath.ticks(), EXPIRY_LIMIT);
        }
        counters.publish();
        director.epochs().leave(worker);
        return work;
    }

    /** Connections of servers that were deleted while expire_nodest_conn is on end without waiting for a packet. */
    private int sweep() {
        final int wanted = director.sweeps();
        if (wanted != sweeps) {
            sweeps = wanted;
            connections.beginSweep();
            sweeping = true;
        }
        final int looked = connections.sweep(EXPIRY_LIMIT);
        if (sweeping && looked < EXPIRY_LIMIT) {
            sweeping = false;
            templates.sweep(breath.ticks());
        }
        return looked;
    }

    /** What becomes of fragments that were held. */
    private final class HeldFragments implements FragmentListener {
        private final PacketView view = new PacketView();

        @Override
        public void onFragmentsDropped(DropReason reason, int frames) {
            counters.droppedHeld(reason, frames);
        }

        @Override
        public void onTimeout(Frame firstFragment) {
            if (view.parse(firstFragment) == PacketView.OK) {
                answers.reassemblyTimeExceeded(firstFragment, view);
            }
        }
    }
}
