// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.check.Expectation.Verdict;

/** A dialogue over TCP, with or without TLS. */
final class TcpAttempt extends Attempt {
    private static final int ALWAYS_JUDGE_READS = 32;
    private static final int JUDGE_EVERY = 8 * 1024;

    private enum State {
        CONNECTING,
        HANDSHAKING,
        TALKING
    }

    private final Dialogue dialogue;
    private final Probe.@Nullable Http tlsProbe;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(256);
    private State state = State.CONNECTING;
    private @Nullable SocketChannel channel;
    private @Nullable SelectionKey key;
    private @Nullable TlsLayer tls;
    private ByteBuffer pending = ByteBuffer.allocate(0);
    private int reads;
    private int judgedLength;

    TcpAttempt(CheckEngine.Slot slot, Dialogue dialogue, Probe.@Nullable Http tlsProbe) {
        super(slot);
        this.dialogue = dialogue;
        this.tlsProbe = tlsProbe;
    }

    private String target() {
        return spec().target().getAddress().getHostAddress()
                + ':'
                + spec().target().getPort();
    }

    @Override
    void start() throws IOException {
        final SocketChannel opened = SocketChannel.open();
        channel = opened;
        key = engine().watch(opened, SelectionKey.OP_CONNECT, this);
        step("CONNECT to " + target());
        within(spec().connectTimeout());
        if (opened.connect(spec().target())) {
            onConnected(opened);
        }
    }

    @Override
    void onReady(SelectionKey ready) throws IOException {
        final SocketChannel open = channel;
        if (open == null) {
            return;
        }
        if (state == State.CONNECTING) {
            if (open.finishConnect()) {
                onConnected(open);
            }
        } else if (state == State.HANDSHAKING) {
            handshake(open);
        } else {
            if (ready.isWritable()) {
                write(open);
            }
            if (!isFinished() && ready.isReadable()) {
                read(open);
            }
        }
    }

    private void onConnected(SocketChannel open) throws IOException {
        step("connected");
        final Probe.Http probe = tlsProbe;
        if (probe == null) {
            talk(open);
            return;
        }
        state = State.HANDSHAKING;
        tls = new TlsLayer(engine().tls().engine(probe));
        handshake(open);
    }

    private void handshake(SocketChannel open) throws IOException {
        final TlsLayer layer = tls;
        if (layer == null) {
            return;
        }
        switch (layer.handshake(open)) {
            case DONE -> {
                step("TLS handshake done: " + layer.describe());
                talk(open);
            }
            case READ -> interest(SelectionKey.OP_READ);
            case WRITE -> interest(SelectionKey.OP_WRITE);
            case TASK -> {
                interest(0);
                engine().tls().execute(layer.task(), () -> engine().execute(() -> guarded(() -> handshake(open))));
            }
        }
    }

    private void talk(SocketChannel open) throws IOException {
        state = State.TALKING;
        within(spec().readTimeout());
        final byte[] request = dialogue.request();
        if (request.length == 0 && !dialogue.wantsAnswer()) {
            finish(true, "connected");
            return;
        }
        pending = ByteBuffer.wrap(request);
        write(open);
    }

    private void write(SocketChannel open) throws IOException {
        final TlsLayer layer = tls;
        final boolean done;
        try {
            if (layer == null) {
                open.write(pending);
                done = !pending.hasRemaining();
            } else {
                done = layer.write(open, pending);
            }
        } catch (IOException e) {
            throw new IOException("WRITE operation for " + target() + " returned error: " + message(e), e);
        }
        if (!done) {
            interest(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
            return;
        }
        if (pending.capacity() > 0) {
            step("sent " + pending.capacity() + " bytes");
            pending = ByteBuffer.allocate(0);
        }
        if (dialogue.wantsAnswer()) {
            interest(SelectionKey.OP_READ);
        } else {
            finish(true, "connected and took what was sent");
        }
    }

    private void read(SocketChannel open) throws IOException {
        final TlsLayer layer = tls;
        final ByteBuffer buffer = engine().readBuffer();
        final int length = layer == null ? open.read(buffer) : layer.read(open, buffer);
        buffer.flip();
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        answer.write(bytes, 0, Math.min(bytes.length, CheckEngine.MAX_ANSWER - answer.size()));
        reads++;
        if (bytes.length > 0) {
            step("read " + bytes.length + " bytes");
        }
        final boolean complete = length < 0 || answer.size() >= CheckEngine.MAX_ANSWER;
        if (complete || reads <= ALWAYS_JUDGE_READS || answer.size() - judgedLength >= JUDGE_EVERY) {
            judge(complete);
        }
    }

    private void judge(boolean complete) {
        judgedLength = answer.size();
        final Verdict verdict = dialogue.judge(answer.toString(StandardCharsets.ISO_8859_1), complete);
        if (verdict != Verdict.MORE) {
            finish(verdict == Verdict.MATCH, dialogue.reason());
        } else if (complete) {
            finish(false, dialogue.reason());
        }
    }

    private void interest(int operations) {
        if (key != null && key.isValid()) {
            key.interestOps(operations);
        }
    }

    @Override
    void onTimeout() {
        switch (state) {
            case CONNECTING -> finish(false, "CONNECT to " + target() + " timed out");
            case HANDSHAKING -> finish(false, "TLS handshake with " + target() + " timed out");
            case TALKING -> {
                if (answer.size() > judgedLength
                        && dialogue.judge(answer.toString(StandardCharsets.ISO_8859_1), true) == Verdict.MATCH) {
                    finish(true, dialogue.reason());
                } else {
                    finish(false, "READ to " + target() + " timed out after " + answer.size() + " bytes");
                }
            }
        }
    }

    @Override
    void release() throws IOException {
        if (tls != null) {
            tls.close();
        }
        if (channel != null) {
            channel.close();
        }
    }
}
