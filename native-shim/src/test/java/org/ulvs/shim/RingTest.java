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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ulvs.testkit.netns.Netns;
import org.ulvs.wire.Frame;
import org.ulvs.wire.FrameBatch;

/** Rings between real kernels, with the offloads that veth has by default. */
class RingTest {
    private static final int BULK_BYTES = 20_000_000;

    /** Ethernet, IPv4 and UDP headers. */
    private static final int PAYLOAD = 14 + 20 + 8;

    private static final int NUMBER_LENGTH = 20;

    private static final short ETHERTYPE = 0x0888;

    /** What frames lie in stays until they have left. */
    private final List<UnsafeBuffer> memory = new ArrayList<>();

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

    @Test
    void shouldCarrySuperFramesIntact() throws Exception {
        director.enter();
        final AtomicBoolean running = new AtomicBoolean(true);
        try (Relay relay = new Relay(open("dc"), open("ds"), client.macAddress("c0"), server.macAddress("s0"))) {
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
            // a receiver without time may leave the interface no room: counted, and sent again by TCP
            final RingCounters sending = relay.inside.counters();
            assertThat(sending.sent() + sending.sendNoRoom())
                    .isEqualTo(relay.outside.counters().received());
        }
    }

    @Test
    void shouldNotReadWhatItSent() throws Exception {
        director.enter();
        try (PacketRing ring = open("dc")) {
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
    void shouldKeepTheOrderOfFramesThatFitIntoASlotAndOfThoseThatDoNot() throws Exception {
        client.exec("ip", "link", "set", "c0", "mtu", "9000");
        director.exec("ip", "link", "set", "dc", "mtu", "9000");
        client.exec("ip", "neigh", "add", "10.77.0.9", "lladdr", director.macAddress("dc"), "dev", "c0");
        director.enter();
        try (PacketRing ring = open("dc")) {
            final AtomicBoolean running = new AtomicBoolean(true);
            final Thread sender = client.thread(() -> sendNumbers("10.77.0.9", running));
            final FrameBatch batch = new FrameBatch(64);
            int last = -1;
            int longOnes = 0;
            for (int seen = 0; seen < 50_000; ) {
                batch.clear();
                if (ring.receive(batch) == 0) {
                    Thread.onSpinWait();
                }
                for (int i = 0; i < batch.size(); i++) {
                    final Frame frame = batch.get(i);
                    if (frame.length() < PAYLOAD + NUMBER_LENGTH) {
                        continue;
                    }
                    final int payload = frame.offset() + PAYLOAD;
                    final int number = frame.buffer().getInt(payload, ByteOrder.BIG_ENDIAN);
                    assertThat(number).isGreaterThan(last);
                    last = number;
                    seen++;
                    assertThat(frame.length())
                            .isEqualTo(PAYLOAD + lengthOf(number))
                            .isEqualTo(frame.wireLength());
                    assertThat(frame.buffer().getByte(payload + lengthOf(number) - 1))
                            .isEqualTo((byte) number);
                    longOnes += frame.length() > RingSettings.SLOT_SIZE ? 1 : 0;
                }
                ring.release();
            }
            running.set(false);
            sender.join();

            assertThat(longOnes).isGreaterThan(1000);
        }
    }

    /** Bytes of a numbered datagram: most fit into a slot. */
    private static int lengthOf(int number) {
        return number % 7 == 0 || number % 11 == 0 ? 8_000 : NUMBER_LENGTH;
    }

    private static void sendNumbers(String destination, AtomicBoolean running) {
        try (DatagramSocket socket = new DatagramSocket()) {
            final byte[] bytes = new byte[8_000];
            final DatagramPacket packet =
                    new DatagramPacket(bytes, bytes.length, new InetSocketAddress(destination, 9));
            for (int number = 0; running.get(); number++) {
                final int length = lengthOf(number);
                bytes[length - 1] = (byte) number;
                ByteBuffer.wrap(bytes).putInt(number);
                packet.setLength(length);
                socket.send(packet);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldKeepTheOrderOfFramesThatLeaveByTheExpressSocketAndOfThoseThatDoNot() {
        client.enter();
        try (PacketRing arrivals = open(client, "c0", null)) {
            director.enter();
            try (ExpressSocket express = openExpress();
                    PacketRing ring = open(director, "dc", express)) {
                final FrameBatch batch = new FrameBatch(64);
                int next = 0;
                for (int turn = 0; turn < 200; turn++) {
                    for (int i = 0; i < 64; i++) {
                        ring.send(numbered(turn * 64 + i));
                    }
                    ring.flush();
                    while (next < (turn + 1) * 64) {
                        batch.clear();
                        arrivals.receive(batch);
                        for (int i = 0; i < batch.size(); i++) {
                            final Frame frame = batch.get(i);
                            if (frame.buffer().getShort(frame.offset() + 12, ByteOrder.BIG_ENDIAN) == ETHERTYPE) {
                                assertThat(frame.buffer().getInt(frame.offset() + 14))
                                        .isEqualTo(next);
                                assertThat(frame.length()).isEqualTo(frameLength(next));
                                assertThat(frame.buffer().getByte(frame.offset() + frame.length() - 1))
                                        .isEqualTo((byte) next);
                                next++;
                            }
                        }
                        arrivals.release();
                    }
                }

                assertThat(ring.counters().sent()).isEqualTo(next);
                assertThat(express.sent()).isBetween(next / 2, next - 200);
            }
        }
    }

    @Test
    void shouldLetNoFrameInBeforeItListens() {
        client.enter();
        final RingSettings settings = new RingSettings("c0", client.interfaceIndex("c0"), 0, 8);
        final FanoutGroup group = FanoutGroup.open(settings, null, List.of(new RingCounters()), new BpfProgram());
        try (PacketRing arrivals = group.rings().get(0)) {
            director.enter();
            try (PacketRing ring = open("dc")) {
                for (int number = 0; number < 10; number++) {
                    // what is sent on a veth has arrived, or not, when that returns
                    ring.send(numbered(number));
                    ring.flush();
                    if (number == 4) {
                        group.listen();
                    }
                }
            }
            final FrameBatch batch = new FrameBatch(64);
            final List<Integer> numbers = new ArrayList<>();
            while (arrivals.receive(batch) > 0) {
                for (int i = 0; i < batch.size(); i++) {
                    final Frame frame = batch.get(i);
                    if (frame.buffer().getShort(frame.offset() + 12, ByteOrder.BIG_ENDIAN) == ETHERTYPE) {
                        numbers.add(frame.buffer().getInt(frame.offset() + 14));
                    }
                }
                arrivals.release();
                batch.clear();
            }
            assertThat(numbers).containsExactly(5, 6, 7, 8, 9);
        }
    }

    @Test
    void shouldSendNothingLaterOfWhatAnInterfaceThatIsDownRefused() {
        director.enter();
        try (ExpressSocket express = openExpress();
                PacketRing ring = open(director, "dc", express)) {
            director.exec("ip", "link", "set", "dc", "down");
            for (int i = 1; i < 20; i++) {
                ring.send(numbered(i));
            }
            ring.flush();
            assertThat(ring.counters().sent()).isZero();
            assertThat(ring.counters().sendDown()).isEqualTo(19);

            director.exec("ip", "link", "set", "dc", "up");
            for (int i = 21; i < 30; i++) {
                ring.send(numbered(i));
            }
            ring.flush();
            assertThat(ring.counters().sent()).isEqualTo(9);
            assertThat(express.sent()).isEqualTo(9);
        }
    }

    @Test
    void shouldCountFramesThatTheExpressSocketFoundNoRoomFor() {
        director.enter();
        try (ExpressSocket express = openExpress();
                PacketRing ring = open(director, "dc", express)) {
            // without its peer the interface drops all
            client.exec("ip", "link", "set", "c0", "down");
            for (int i = 1; i < 20; i++) {
                ring.send(numbered(i));
            }
            ring.flush();

            assertThat(express.sent()).isEqualTo(19);
            assertThat(ring.counters().sent()).isZero();
            assertThat(ring.counters().sendNoRoom()).isEqualTo(19);
        }
    }

    private ExpressSocket openExpress() {
        final ExpressSocket express = ExpressSocket.open(director.interfaceIndex("dc"));
        assertThat(express).isNotNull();
        return Objects.requireNonNull(express);
    }

    /** Most numbers make a frame that the express socket takes. */
    private static int frameLength(int number) {
        return number % 20 == 0 ? 1_000 : 60 + number % 7;
    }

    private Frame numbered(int number) {
        final int length = frameLength(number);
        final UnsafeBuffer bytes = new UnsafeBuffer(BufferUtil.allocateDirectAligned(64 + length, 8));
        bytes.setMemory(64, 6, (byte) 0xff);
        bytes.putShort(64 + 12, ETHERTYPE, ByteOrder.BIG_ENDIAN);
        bytes.putInt(64 + 14, number);
        bytes.putByte(64 + length - 1, (byte) number);
        memory.add(bytes);
        return new Frame().wrap(bytes.addressOffset(), 64, length, length, 0);
    }

    @Test
    void shouldSayWhichInterfaceTheKernelRefused() {
        final RingSettings settings = new RingSettings("nosuch0", 9_999, 0, 2);

        assertThatThrownBy(() -> new PacketRing(settings, null, new RingCounters()))
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

    private PacketRing open(String interfaceName) {
        return open(director, interfaceName, null);
    }

    private static PacketRing open(Netns netns, String interfaceName, @Nullable ExpressSocket express) {
        final RingSettings settings = new RingSettings(interfaceName, netns.interfaceIndex(interfaceName), 0, 8);
        final FanoutGroup group = FanoutGroup.open(settings, express, List.of(new RingCounters()), new BpfProgram());
        group.listen();
        return group.rings().get(0);
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
