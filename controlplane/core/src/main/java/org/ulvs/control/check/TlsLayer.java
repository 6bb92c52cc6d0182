// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** TLS over a non-blocking channel, for one attempt. */
final class TlsLayer {
    /** What the handshake waits for. */
    enum Need {
        /** Nothing: it is over. */
        DONE,
        /** Bytes from the server. */
        READ,
        /** Room in the socket. */
        WRITE,
        /** A computation, to be run elsewhere. */
        TASK
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final ByteBuffer incoming;
    private final ByteBuffer outgoing;
    private final ByteBuffer plain;
    private boolean begun;

    TlsLayer(SSLEngine engine) {
        this.engine = engine;
        final int packet = engine.getSession().getPacketBufferSize();
        this.incoming = ByteBuffer.allocate(packet).flip();
        this.outgoing = ByteBuffer.allocate(packet).flip();
        this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    }

    Need handshake(SocketChannel channel) throws IOException {
        if (!begun) {
            begun = true;
            engine.beginHandshake();
        }
        while (true) {
            if (outgoing.hasRemaining()) {
                channel.write(outgoing);
                if (outgoing.hasRemaining()) {
                    return Need.WRITE;
                }
            }
            final HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> {
                    return Need.TASK;
                }
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrapHandshake(channel)) {
                        return Need.READ;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return Need.DONE;
                }
            }
        }
    }

    /** Returns false when more bytes must come first. */
    private boolean unwrapHandshake(SocketChannel channel) throws IOException {
        plain.clear();
        SSLEngineResult result = engine.unwrap(incoming, plain);
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            incoming.compact();
            final int length = channel.read(incoming);
            incoming.flip();
            if (length < 0) {
                throw new IOException("closed the connection during the TLS handshake");
            }
            if (length == 0) {
                return false;
            }
            result = engine.unwrap(incoming, plain);
        }
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new IOException("ended TLS during the handshake");
        }
        return true;
    }

    private void wrap(ByteBuffer source) throws IOException {
        outgoing.clear();
        final SSLEngineResult result = engine.wrap(source, outgoing);
        outgoing.flip();
        if (result.getStatus() == SSLEngineResult.Status.CLOSED && !outgoing.hasRemaining()) {
            throw new IOException("ended TLS");
        }
    }

    Runnable task() {
        return () -> {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        };
    }

    /** Returns whether everything has been written. */
    boolean write(SocketChannel channel, ByteBuffer source) throws IOException {
        while (source.hasRemaining() || outgoing.hasRemaining()) {
            if (!outgoing.hasRemaining()) {
                wrap(source);
            }
            channel.write(outgoing);
            if (outgoing.hasRemaining()) {
                return false;
            }
        }
        return true;
    }

    /** Reads what there is, up to the room in the target; -1 at the end. */
    int read(SocketChannel channel, ByteBuffer target) throws IOException {
        incoming.compact();
        final int length = channel.read(incoming);
        incoming.flip();
        int total = 0;
        while (incoming.hasRemaining()) {
            plain.clear();
            final SSLEngineResult result = engine.unwrap(incoming, plain);
            plain.flip();
            final int take = Math.min(plain.remaining(), target.remaining());
            target.put(target.position(), plain, 0, take).position(target.position() + take);
            total += take;
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                return total == 0 ? -1 : total;
            }
            if (result.getStatus() != SSLEngineResult.Status.OK) {
                break;
            }
        }
        return length < 0 && total == 0 ? -1 : total;
    }

    String describe() {
        return engine.getSession().getProtocol() + ' ' + engine.getSession().getCipherSuite();
    }

    void close() {
        engine.closeOutbound();
    }
}
