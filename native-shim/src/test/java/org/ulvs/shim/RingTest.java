// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.testkit.netns.Netns;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** Rings between real kernels, with the offloads that veth has by default. */
class RingTest {
    private static final int BULK_BYTES = 20_000_000;

    private Netns client;
    private Netns director;
    private Netns server;

    @BeforeEach
    void setUp() {
        client = Netns.create("ulvsrt-client");
        director = Netns.create("ulvsrt-dir");
        server = Netns.create("ulvsrt-server");
        Netns.veth(client, "c0", director, "dc");
        Netns.veth(server, "s0", director, "ds");
        client.address("c0", "10.77.0.1/24");
        server.address("s0", "10.77.0.2/24");
        client.exec("ip", "neigh", "add", "10.77.0.2", "lladdr", director.macAddress("dc"), "dev", "c0");
        server.exec("ip", "neigh", "add", "10.77.0.1", "lladdr", director.macAddress("ds"), "dev", "s0");
    }

    @AfterEach
    void tearDown() {
        client.close();
        director.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {RingSettings.BLOCKS, RingSettings.SLOTS})
    void shouldCarrySuperFramesIntact(int version) throws Exception {
        director.enter();
        final AtomicBoolean running = new AtomicBoolean(true);
        try (Relay relay =
                new Relay(open("dc", version), open("ds", version), client.macAddress("c0"), server.macAddress("s0"))) {
            final Thread worker = director.thread(() -> relay.run(running));
            final CompletableFuture<byte[]> sent = new CompletableFuture<>();
            final CompletableFuture<ServerSocket> listener = new CompletableFuture<>();
            server.thread(() -> serve(listener, sent));
            listener.get();
            final CompletableFuture<byte[]> received = new CompletableFuture<>();
            client.thread(() -> download(received));

            assertThat(received.get()).isEqualTo(sent.get());
            running.set(false);
            worker.join();

            assertThat(relay.longest).isGreaterThan(10_000);
            assertThat(relay.partial).isPositive();
            assertThat(relay.truncated).isZero();
            assertThat(relay.outside.counters().sendTooLong()).isZero();
            assertThat(relay.inside.counters().sendRefused()).isZero();
            assertThat(relay.inside.counters().sent())
                    .isEqualTo(relay.outside.counters().received());
        }
    }

    @Test
    void shouldNotReadWhatItSent() throws Exception {
        director.enter();
        try (PacketRing ring = open("dc", RingSettings.SLOTS)) {
            final UnsafeBuffer memory = new UnsafeBuffer(BufferUtil.allocateDirectAligned(128, 8));
            memory.putByte(64, (byte) 0xff);
            memory.putShort(64 + 12, (short) 0x0888);
            final Frame frame = new Frame();
            final FrameBatch batch = new FrameBatch(64);
            for (int i = 0; i < 50; i++) {
                ring.send(frame.wrap(memory.addressOffset(), 64, 60, 64, 0));
            }
            ring.flush();

            assertThat(ring.counters().sent()).isEqualTo(50);
            assertThat(ring.receive(batch)).isZero();
            // a frame of the peer shows that the ring was listening
            client.exec("ip", "neigh", "add", "10.77.0.9", "lladdr", director.macAddress("dc"), "dev", "c0");
            client.thread(() -> sendDatagram("10.77.0.9"));
            while (ring.receive(batch) == 0) {
                Thread.onSpinWait();
            }
            assertThat(batch.size()).isEqualTo(1);
        }
    }

    @Test
    void shouldSayWhichInterfaceTheKernelRefused() {
        final RingSettings settings = new RingSettings("nosuch0", 9_999, 0, RingSettings.BLOCKS, 2);

        assertThatThrownBy(() -> new PacketRing(settings, new RingCounters()))
                .isInstanceOf(ShimException.class)
                .hasMessageContaining("interface nosuch0: binding to the interface: no such device");
    }

    private static void sendDatagram(String destination) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[] {1}, 1, new InetSocketAddress(destination, 9)));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void serve(CompletableFuture<ServerSocket> ready, CompletableFuture<byte[]> digest) {
        try (ServerSocket listener = new ServerSocket(5000)) {
            ready.complete(listener);
            try (Socket socket = listener.accept();
                    OutputStream out = socket.getOutputStream()) {
                final byte[] bytes = new byte[BULK_BYTES];
                new Random(7).nextBytes(bytes);
                out.write(bytes);
                digest.complete(MessageDigest.getInstance("SHA-256").digest(bytes));
            }
        } catch (final Exception e) {
            ready.completeExceptionally(e);
            digest.completeExceptionally(e);
        }
    }

    private static void download(CompletableFuture<byte[]> digest) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("10.77.0.2", 5000), 5_000);
            try (InputStream in = socket.getInputStream()) {
                digest.complete(MessageDigest.getInstance("SHA-256").digest(in.readAllBytes()));
            }
        } catch (final Exception e) {
            digest.completeExceptionally(e);
        }
    }

    private PacketRing open(String interfaceName, int version) {
        final int index = director.interfaceIndex(interfaceName);
        final BpfProgram first = new BpfProgram().add(BpfProgram.RETURN, 0);
        return FanoutGroup.open(
                        List.of(new RingSettings(interfaceName, index, 0, version, 8)),
                        List.of(new RingCounters()),
                        first)
                .rings()
                .get(0);
    }

    /** Hands frames from one ring to the other, with the MAC addresses changed. */
    private static final class Relay implements AutoCloseable {
        private final PacketRing outside;
        private final PacketRing inside;
        private final byte[] clientMac;
        private final byte[] serverMac;
        private final FrameBatch batch = new FrameBatch(64);
        private int longest;
        private int partial;
        private int truncated;

        Relay(PacketRing outside, PacketRing inside, String clientMac, String serverMac) {
            this.outside = outside;
            this.inside = inside;
            this.clientMac = parse(clientMac);
            this.serverMac = parse(serverMac);
        }

        void run(AtomicBoolean running) {
            while (running.get()) {
                if (move(outside, inside, serverMac) + move(inside, outside, clientMac) == 0) {
                    LockSupport.parkNanos(20_000);
                }
            }
        }

        private int move(PacketRing from, PacketRing to, byte[] destination) {
            batch.clear();
            final int count = from.receive(batch);
            for (int i = 0; i < count; i++) {
                final Frame frame = batch.get(i);
                longest = Math.max(longest, frame.length());
                partial += frame.checksumPartial() ? 1 : 0;
                truncated += frame.wireLength() > frame.length() ? 1 : 0;
                frame.buffer().putBytes(frame.offset(), destination);
                to.send(frame);
            }
            to.flush();
            from.release();
            return count;
        }

        private static byte[] parse(String mac) {
            final byte[] bytes = new byte[6];
            for (int i = 0; i < 6; i++) {
                bytes[i] = (byte) Integer.parseInt(mac.substring(3 * i, 3 * i + 2), 16);
            }
            return bytes;
        }

        @Override
        public void close() {
            outside.close();
            inside.close();
        }
    }
}
