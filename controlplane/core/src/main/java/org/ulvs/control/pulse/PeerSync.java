// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the configuration from one director to the other over TCP, on the port that the heartbeats have in UDP. The
 * receiver sends 32 random bytes; the sender answers with the configuration, signed together with them, so that a
 * recording is worth nothing; the receiver's answer is signed in the same way.
 *
 * <pre>
 *  receiver → sender: "ulvs-sync 1\n", 32 bytes nonce
 *  sender → receiver: int32 length, int64 serial, string lvs.cf, string rules; 32 bytes HMAC of nonce and all of that
 *  receiver → sender: int32 length, text; 32 bytes HMAC of nonce, "answer" and all of that
 * </pre>
 */
final class PeerSync implements AutoCloseable {
    /** Takes what came. */
    interface Receiver {
        /**
         * A configuration of the peer.
         *
         * @return what became of it, beginning with {@code taken} or {@code refused}
         */
        String onConfiguration(long serial, String text, String rules);
    }

    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final byte[] GREETING = "ulvs-sync 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = "answer".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_LENGTH = 32;
    private static final int MAX_LENGTH = 4 * 1024 * 1024;
    private static final int TIMEOUT_MS = 5_000;

    private final Set<InetAddress> peers;
    private final PeerSecret secret;
    private final Receiver receiver;
    private final List<ServerSocket> sockets = new ArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong refused = new AtomicLong();

    private PeerSync(Set<InetAddress> peers, PeerSecret secret, Receiver receiver) {
        this.peers = Set.copyOf(peers);
        this.secret = secret;
        this.receiver = receiver;
    }

    /** Listens on addresses of this node, each with a thread that serves one peer at a time. */
    static PeerSync listen(
            List<InetSocketAddress> addresses, Set<InetAddress> peers, PeerSecret secret, Receiver receiver)
            throws IOException {
        final PeerSync sync = new PeerSync(peers, secret, receiver);
        try {
            for (final InetSocketAddress address : addresses) {
                final ServerSocket socket = new ServerSocket();
                sync.sockets.add(socket);
                socket.setReuseAddress(true);
                socket.bind(address);
                final Thread thread = new Thread(() -> sync.serve(socket), "peer-sync");
                thread.setDaemon(true);
                thread.start();
            }
            return sync;
        } catch (IOException e) {
            sync.close();
            throw e;
        }
    }

    private void serve(ServerSocket socket) {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                if (peers.contains(connection.getInetAddress())) {
                    receive(connection);
                } else {
                    refused.incrementAndGet();
                }
            } catch (IOException | RuntimeException e) {
                if (!socket.isClosed()) {
                    refused.incrementAndGet();
                    LOG.warn("a configuration could not be received: {}", e.getMessage());
                }
            }
        }
    }

    private void receive(Socket connection) throws IOException {
        connection.setSoTimeout(TIMEOUT_MS);
        final DataOutputStream out = new DataOutputStream(connection.getOutputStream());
        final DataInputStream in = new DataInputStream(connection.getInputStream());
        final byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        out.write(GREETING);
        out.write(nonce);
        out.flush();
        final byte[] message = signed(in, nonce, new byte[0]);
        final DataInputStream fields = new DataInputStream(new java.io.ByteArrayInputStream(message));
        final long serial = fields.readLong();
        final String text = readText(fields, StandardCharsets.ISO_8859_1);
        final String rules = readText(fields, StandardCharsets.UTF_8);
        final String answer = receiver.onConfiguration(serial, text, rules);
        write(out, nonce, ANSWER, answer.getBytes(StandardCharsets.UTF_8));
    }

    private static String readText(DataInputStream in, java.nio.charset.Charset charset) throws IOException {
        final int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text is longer than its message");
        }
        return new String(in.readNBytes(length), charset);
    }

    /** Reads a message with its length before and its signature behind it. */
    private byte[] signed(DataInputStream in, byte[] nonce, byte[] label) throws IOException {
        final int length = in.readInt();
        if (length < 0 || length > MAX_LENGTH) {
            throw new IOException("a message of " + length + " bytes");
        }
        final byte[] message = in.readNBytes(length);
        final byte[] signature = in.readNBytes(PeerSecret.SIGNATURE_LENGTH);
        if (message.length < length || !MessageDigest.isEqual(signature, sign(nonce, label, message))) {
            throw new IOException("signed with another secret");
        }
        return message;
    }

    private byte[] sign(byte[] nonce, byte[] label, byte[] message) {
        final Mac mac = secret.signer("ulvs sync 1");
        mac.update(nonce);
        mac.update(label);
        return mac.doFinal(message);
    }

    private void write(DataOutputStream out, byte[] nonce, byte[] label, byte[] message) throws IOException {
        out.writeInt(message.length);
        out.write(message);
        out.write(sign(nonce, label, message));
        out.flush();
    }

    /**
     * Sends a configuration and waits for the answer.
     *
     * @return what the peer says became of it
     */
    String push(InetSocketAddress own, InetSocketAddress peer, long serial, String text, String rules)
            throws IOException {
        try (Socket connection = new Socket()) {
            connection.bind(new InetSocketAddress(own.getAddress(), 0));
            connection.connect(peer, TIMEOUT_MS);
            connection.setSoTimeout(TIMEOUT_MS);
            final DataInputStream in = new DataInputStream(connection.getInputStream());
            final DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            if (!java.util.Arrays.equals(in.readNBytes(GREETING.length), GREETING)) {
                throw new IOException("the partner speaks another version");
            }
            final byte[] nonce = in.readNBytes(NONCE_LENGTH);
            final ByteArrayOutputStream message = new ByteArrayOutputStream();
            final DataOutputStream fields = new DataOutputStream(message);
            fields.writeLong(serial);
            writeText(fields, text.getBytes(StandardCharsets.ISO_8859_1));
            writeText(fields, rules.getBytes(StandardCharsets.UTF_8));
            write(out, nonce, new byte[0], message.toByteArray());
            return new String(signed(in, nonce, ANSWER), StandardCharsets.UTF_8);
        }
    }

    private static void writeText(DataOutputStream out, byte[] text) throws IOException {
        out.writeInt(text.length);
        out.write(text);
    }

    /** Connections and messages that were refused. */
    long refused() {
        return refused.get();
    }

    @Override
    public void close() {
        for (final ServerSocket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing a listener", e);
            }
        }
    }
}
