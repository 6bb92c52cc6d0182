// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.check.Expectation.Verdict;

/**
 * Send and expect by datagrams. Each datagram is an answer by itself; wrong ones are passed over until the time is up.
 * With neither send nor expect only a refusal (ICMP port unreachable) tells anything: an empty datagram is sent, and
 * silence counts as up.
 */
final class UdpAttempt extends Attempt {
    private final Probe.SendExpect probe;
    private @Nullable DatagramChannel channel;
    private String last = "";

    UdpAttempt(CheckEngine.Slot slot, Probe.SendExpect probe) {
        super(slot);
        this.probe = probe;
    }

    private boolean silenceIsUp() {
        return probe.send().isEmpty() && probe.expect().isEmpty();
    }

    @Override
    void start() throws IOException {
        final DatagramChannel opened = DatagramChannel.open();
        channel = opened;
        engine().watch(opened, SelectionKey.OP_READ, this);
        opened.connect(spec().target());
        within(spec().readTimeout());
        // an empty datagram would not be sent at all
        final byte[] request = probe.send().isEmpty() ? new byte[1] : probe.sendBytes();
        opened.write(ByteBuffer.wrap(request));
        step("sent a datagram of " + request.length + " bytes");
    }

    @Override
    void onReady(SelectionKey key) throws IOException {
        final DatagramChannel open = channel;
        if (open == null) {
            return;
        }
        final ByteBuffer buffer = engine().readBuffer();
        try {
            if (open.read(buffer) < 0) {
                return;
            }
        } catch (PortUnreachableException e) {
            finish(false, "port unreachable");
            return;
        }
        buffer.flip();
        final byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        step("read a datagram of " + bytes.length + " bytes");
        last = new String(bytes, StandardCharsets.ISO_8859_1);
        if (probe.expect().isEmpty() || probe.expect().get().compare(last, true) == Verdict.MATCH) {
            finish(true, "answered");
        }
    }

    @Override
    void onTimeout() {
        if (silenceIsUp()) {
            finish(true, "no refusal");
        } else if (last.isEmpty()) {
            finish(
                    false,
                    "READ to " + spec().target().getAddress().getHostAddress() + ':'
                            + spec().target().getPort() + " timed out");
        } else {
            finish(
                    false,
                    "answered \"" + Escapes.printable(last.getBytes(StandardCharsets.ISO_8859_1)) + "\", expected "
                            + probe.expect().map(Expectation::describe).orElse("anything"));
        }
    }

    @Override
    void release() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
