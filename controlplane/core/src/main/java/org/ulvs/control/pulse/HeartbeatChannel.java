// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.pulse.HeartbeatGuard.Verdict;

/**
 * The sockets of the heartbeats: one a path, bound to this node's own address, so that a path is told by its socket. Of
 * whatever comes in, a bounded number of datagrams is looked at between two looks at the clock, so that a flood cannot
 * keep heartbeats from being sent. One thread.
 */
final class HeartbeatChannel implements AutoCloseable {
    /** From where to where. */
    record Path(InetSocketAddress own, InetSocketAddress peer) {}

    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final int MAX_DATAGRAMS = 2_048;
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final long LOG_EVERY_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long ANSWER_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long CLOCK_TOLERANCE_MS = TimeUnit.SECONDS.toMillis(30);

    private final HeartbeatGuard guard;
    private final NanoClock clock;
    private final EpochClock epochClock;
    private final Map<DatagramChannel, Path> channels = new java.util.LinkedHashMap<>();
    private final ByteBuffer in = ByteBuffer.allocate(HeartbeatCodec.LENGTH + 1);
    private final ByteBuffer out = ByteBuffer.allocate(HeartbeatCodec.LENGTH);
    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    private final Map<Verdict, Long> logged = new EnumMap<>(Verdict.class);
    private final Map<InetAddress, Boolean> sendFailed = new java.util.HashMap<>();
    private long answeredNs;
    private long clockLoggedNs;
    private long sent;

    private HeartbeatChannel(HeartbeatGuard guard, NanoClock clock, EpochClock epochClock) {
        this.guard = guard;
        this.clock = clock;
        this.epochClock = epochClock;
        this.answeredNs = clock.nanoTime() - ANSWER_EVERY_NS;
        this.clockLoggedNs = clock.nanoTime() - LOG_EVERY_NS;
        for (final Verdict verdict : Verdict.values()) {
            counts.put(verdict, 0L);
        }
    }

    /**
     * Binds all paths.
     *
     * @throws IOException if an address is not ours or its port is taken; nothing stays open then
     */
    static HeartbeatChannel open(
            List<Path> paths, HeartbeatGuard guard, Selector selector, NanoClock clock, EpochClock epochClock)
            throws IOException {
        final HeartbeatChannel channel = new HeartbeatChannel(guard, clock, epochClock);
        try {
            for (final Path path : paths) {
                final DatagramChannel socket = DatagramChannel.open();
                channel.channels.put(socket, path);
                socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
                try {
                    socket.bind(path.own());
                } catch (IOException e) {
                    throw new IOException(
                            "failed to bind to heartbeat address " + path.own() + ": " + e.getMessage(), e);
                }
                socket.configureBlocking(false);
                socket.register(selector, SelectionKey.OP_READ, channel);
            }
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Sends on all paths. A path that fails is reported when it begins to fail and when it works again. */
    void send(Beat beat) {
        for (final Map.Entry<DatagramChannel, Path> entry : channels.entrySet()) {
            guard.encode(beat, epochClock.time(), out);
            send(entry.getKey(), entry.getValue());
        }
    }

    private void send(DatagramChannel socket, Path path) {
        if (!out.hasRemaining()) {
            return;
        }
        final InetAddress peer = path.peer().getAddress();
        try {
            socket.send(out, path.peer());
            sent++;
            if (Boolean.TRUE.equals(sendFailed.put(peer, false))) {
                LOG.info("heartbeats to {} can be sent again", peer.getHostAddress());
            }
        } catch (IOException e) {
            if (!Boolean.TRUE.equals(sendFailed.put(peer, true))) {
                LOG.warn("cannot send heartbeats to {}: {}", peer.getHostAddress(), e.getMessage());
            }
        }
    }

    /** What heartbeats go to. */
    interface Handler {
        void onBeat(Beat beat);
    }

    /** Reads what has come. */
    void poll(Handler handler, Beat answer) {
        for (final Map.Entry<DatagramChannel, Path> entry : channels.entrySet()) {
            for (int i = 0; i < MAX_DATAGRAMS; i++) {
                in.clear();
                final SocketAddress source;
                try {
                    source = entry.getKey().receive(in);
                } catch (IOException e) {
                    // an ICMP error for something sent before: silence says the same
                    continue;
                }
                if (source == null) {
                    break;
                }
                in.flip();
                onDatagram(entry.getKey(), entry.getValue(), (InetSocketAddress) source, handler, answer);
            }
        }
    }

    private void onDatagram(DatagramChannel socket, Path path, InetSocketAddress source, Handler handler, Beat answer) {
        final Verdict verdict = guard.judge(source.getAddress(), in);
        counts.merge(verdict, 1L, Long::sum);
        final Optional<Beat> beat = guard.last();
        if (verdict == Verdict.ACCEPTED) {
            watchClock();
            beat.ifPresent(handler::onBeat);
        } else if (verdict == Verdict.UNVERIFIED) {
            final long now = clock.nanoTime();
            if (now - answeredNs >= ANSWER_EVERY_NS) {
                answeredNs = now;
                guard.encodeAnswer(answer, epochClock.time(), out);
                send(socket, path);
            }
        } else if (verdict != Verdict.LATE) {
            complain(verdict, source);
        }
    }

    private void watchClock() {
        final long difference = guard.peerTimeMs() - epochClock.time();
        final long now = clock.nanoTime();
        if (!guard.compat() && Math.abs(difference) > CLOCK_TOLERANCE_MS && now - clockLoggedNs >= LOG_EVERY_NS) {
            clockLoggedNs = now;
            LOG.warn("the partner's clock differs from ours by {} s", difference / 1000);
        }
    }

    private void complain(Verdict verdict, InetSocketAddress source) {
        final long now = clock.nanoTime();
        final Long before = logged.get(verdict);
        if (before == null || now - before >= LOG_EVERY_NS) {
            logged.put(verdict, now);
            LOG.warn(
                    "{} from {} dropped ({} so far)",
                    verdict.text(),
                    source.getAddress().getHostAddress(),
                    counts.get(verdict));
        }
    }

    /** Datagrams by what became of them. */
    Map<Verdict, Long> counts() {
        return Map.copyOf(counts);
    }

    /** Datagrams sent. */
    long sent() {
        return sent;
    }

    @Override
    public void close() {
        for (final DatagramChannel channel : new ArrayList<>(channels.keySet())) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("closing a heartbeat socket", e);
            }
        }
        channels.clear();
    }
}
