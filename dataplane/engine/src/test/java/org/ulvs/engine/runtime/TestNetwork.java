// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.testkit.netns.Netns;

/**
 * A client, a director and real servers in namespaces: 192.0.2.0/24 outside (client .100, director .9, VIP .10),
 * 10.9.0.0/24 inside behind a switch (real server i at .i, director .9, which is their gateway).
 */
final class TestNetwork implements AutoCloseable {
    static final int VIP = Addresses.parse("192.0.2.10");
    static final int PORT = 80;
    private static final String CLIENT = "192.0.2.100";

    private final List<AutoCloseable> sockets = new ArrayList<>();
    private final List<Netns> reals = new ArrayList<>();
    private final Netns client;
    private final Netns director;
    private final Netns inside;

    TestNetwork(int realCount) {
        client = Netns.create("ulvsrt-e-client");
        director = Netns.create("ulvsrt-e-dir");
        inside = Netns.create("ulvsrt-e-sw");
        inside.exec("ip", "link", "add", "br0", "type", "bridge");
        inside.exec("ip", "link", "set", "br0", "up");
        Netns.veth(client, "c0", director, "out");
        client.address("c0", CLIENT + "/24");
        director.address("out", "192.0.2.9/24");
        Netns.veth(director, "in", inside, "dir");
        inside.exec("ip", "link", "set", "dir", "master", "br0");
        director.address("in", "10.9.0.9/24");
        director.exec("sysctl", "-qw", "net.ipv4.ip_forward=1");
        for (int i = 1; i <= realCount; i++) {
            final Netns real = Netns.create("ulvsrt-e-real" + i);
            Netns.veth(real, "r0", inside, "real" + i);
            inside.exec("ip", "link", "set", "real" + i, "master", "br0");
            real.address("r0", "10.9.0." + i + "/24");
            real.exec("ip", "route", "add", "default", "via", "10.9.0.9");
            reals.add(real);
        }
    }

    Netns client() {
        return client;
    }

    Netns director() {
        return director;
    }

    Netns real(int number) {
        return reals.get(number - 1);
    }

    /** Deletes the outside link and makes it anew, with the same names and addresses. */
    void renewOutside() {
        director.exec("ip", "link", "del", "out");
        Netns.veth(client, "c0", director, "out");
        client.address("c0", CLIENT + "/24");
        director.address("out", "192.0.2.9/24");
    }

    /** Puts the client onto the real servers' switch, with addresses .100 to .123; the director is there too. */
    void moveClientInside() {
        client.exec("ip", "link", "del", "c0");
        Netns.veth(client, "c0", inside, "client");
        inside.exec("ip", "link", "set", "client", "master", "br0");
        for (int i = 100; i < 124; i++) {
            client.address("c0", "192.0.2." + i + "/24");
        }
        director.address("in", "192.0.2.9/24");
    }

    /** What the director's own stack has forwarded, refused and answered. */
    String hostStatistics() {
        return in(
                director,
                () -> Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream()
                        .filter(line -> line.matches("Ip: [0-9].*"))
                        .map(line -> "forwarded " + line.split(" ", -1)[6] + " refused " + line.split(" ", -1)[5])
                        .findFirst()
                        .orElseThrow());
    }

    /** Settings of a dataplane in the director. */
    DataplaneContext context(Path directory) {
        return new DataplaneContext()
                .directory(directory)
                .outside("out")
                .inside("in")
                .connections(4096)
                .slots(64)
                .ringMib(4);
    }

    /** Runs code on a thread in a namespace to its end. */
    static <T> T in(Netns netns, Callable<T> code) {
        final CompletableFuture<T> result = new CompletableFuture<>();
        netns.thread(() -> {
            try {
                result.complete(code.call());
            } catch (final Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get();
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e);
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a dataplane in the director. */
    Dataplane launch(DataplaneContext context) {
        return in(director, () -> Dataplane.launch(context, DirectorForwarding::new));
    }

    /** Each real server sends these bytes, its number first, to who connects to port 80. */
    void serve(byte[] bytes) {
        for (int i = 1; i <= reals.size(); i++) {
            final byte[] own = bytes.clone();
            own[0] = (byte) i;
            final CountDownLatch ready = new CountDownLatch(1);
            real(i).thread(() -> accept(own, ready));
            try {
                ready.await();
            } catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void accept(byte[] bytes, CountDownLatch ready) {
        try (ServerSocket listener = new ServerSocket(PORT)) {
            sockets.add(listener);
            ready.countDown();
            while (true) {
                try (Socket socket = listener.accept();
                        OutputStream out = socket.getOutputStream()) {
                    out.write(bytes);
                }
            }
        } catch (final IOException e) {
            // closed at the end of the test, or by the client
            ready.countDown();
        }
    }

    /** What the client reads from an address until its end. */
    byte[] fetch(String address) {
        return in(client, () -> {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(20_000);
                socket.connect(new InetSocketAddress(address, PORT), 10_000);
                try (InputStream stream = socket.getInputStream()) {
                    return stream.readAllBytes();
                }
            }
        });
    }

    /** Each real server answers datagrams to a port with its own name and what came. */
    void echo(int port) {
        for (int i = 1; i <= reals.size(); i++) {
            final String name = "real" + i + ":";
            final CountDownLatch ready = new CountDownLatch(1);
            real(i).thread(() -> {
                try (DatagramSocket socket = new DatagramSocket(port)) {
                    sockets.add(socket);
                    ready.countDown();
                    final DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
                    while (true) {
                        packet.setLength(65536);
                        socket.receive(packet);
                        final byte[] answer = (name
                                        + new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                                .getBytes(StandardCharsets.UTF_8);
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                } catch (final IOException e) {
                    ready.countDown();
                }
            });
            try {
                ready.await();
            } catch (final InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Sends one datagram only, from one of the client's addresses, and gives the answer to that. */
    String askOnce(String source, String address, int port, String question) {
        return askFrom(source, address, port, question, 1, 8_000);
    }

    /** Sends a datagram from the client and gives the answer; tries three times, a second each. */
    String ask(String address, int port, String question) {
        return askFrom("0.0.0.0", address, port, question, 3, 1_000);
    }

    private String askFrom(String source, String address, int port, String question, int attempts, int waitMs) {
        return in(client, () -> {
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(source, 0))) {
                socket.setSoTimeout(waitMs);
                final byte[] bytes = question.getBytes(StandardCharsets.UTF_8);
                final DatagramPacket answer = new DatagramPacket(new byte[65536], 65536);
                for (int attempt = 1; ; attempt++) {
                    socket.send(new DatagramPacket(bytes, bytes.length, new InetSocketAddress(address, port)));
                    try {
                        socket.receive(answer);
                        return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
                    } catch (final java.net.SocketTimeoutException e) {
                        if (attempt == attempts) {
                            return "no answer";
                        }
                    }
                }
            }
        });
    }

    /** Whether an address answers one of three echo requests, a second each. */
    static boolean ping(Netns from, String address) {
        return in(from, () -> {
            final InetAddress target = InetAddress.getByName(address);
            boolean answered = false;
            for (int attempt = 0; attempt < 3 && !answered; attempt++) {
                answered = target.isReachable(1_000);
            }
            return answered;
        });
    }

    static ServiceKey service(int protocol, int port) {
        return new ServiceKey(protocol, InetAddr.v4(VIP), port, 0);
    }

    static ServiceSpec spec(ServiceKey key) {
        return new ServiceSpec(key, "rr", 0, 0, -1);
    }

    static ServerSpec server(int number, int port) {
        return ServerSpec.of(InetAddr.v4(Addresses.parse("10.9.0." + number)), port, ServerSpec.MASQUERADE, 1);
    }

    /** Waits for something that other threads or the kernel bring about. */
    static void await(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("waited in vain: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        sockets.forEach(socket -> {
            try {
                socket.close();
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            } catch (final Exception e) {
                throw new IllegalStateException(e);
            }
        });
        reals.forEach(Netns::close);
        Arrays.asList(client, director, inside).forEach(Netns::close);
    }
}
