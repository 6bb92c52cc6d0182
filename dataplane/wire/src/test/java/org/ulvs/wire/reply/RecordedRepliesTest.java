// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Ipv4;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Packets;
import org.ulvs.wire.fragments.Fragmenter;

/** Frames of our own compared byte by byte with those that a kernel director sent. */
class RecordedRepliesTest {
    private final PacketView view = new PacketView();
    private final Packets.Sink sink = new Packets.Sink();

    /** The received packet and the sent ones of an entry, in hexadecimal. */
    private static List<String> recorded(final String name) {
        try (InputStream stream = RecordedRepliesTest.class.getResourceAsStream("/oracle/replies.txt")) {
            final String text = new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.US_ASCII);
            return text.lines()
                    .filter(line -> line.startsWith(name + " "))
                    .map(line -> List.of(line.split(" ")))
                    .map(words -> words.subList(1, words.size()))
                    .findFirst()
                    .orElseThrow();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static int id(final String packet) {
        return Integer.parseInt(packet.substring(8, 12), 16);
    }

    private void expect(final @Nullable Frame reply, final String packet) {
        assertThat(reply).isNotNull();
        final Frame frame = Objects.requireNonNull(reply);
        assertThat(Packets.hex(frame)).isEqualTo(packet);
        assertThat(Ethernet.destination(frame.buffer(), frame.offset())).isEqualTo(0x0200_0000_0101L);
        assertThat(Ethernet.source(frame.buffer(), frame.offset())).isEqualTo(0x0200_0000_01FEL);
        assertThat(frame.port()).isEqualTo(1);
    }

    @Test
    void shouldSendTheKernelsTimeExceeded() {
        final List<String> packets = recorded("time-exceeded");
        final Frame cause = Packets.ipv4(packets.get(0));
        view.parse(cause);
        assertThat(IcmpError.isPermitted(cause, view)).isTrue();
        expect(IcmpError.timeExceeded(sink, cause, view, Packets.VIP, id(packets.get(1))), packets.get(1));
    }

    @Test
    void shouldSendTheKernelsFragmentationNeeded() {
        final List<String> packets = recorded("fragmentation-needed");
        final Frame cause = Packets.ipv4(packets.get(0));
        view.parse(cause);
        Ipv4.decrementTtl(cause.buffer(), view.ipOffset());
        expect(IcmpError.fragmentationNeeded(sink, cause, view, 1400, Packets.VIP, id(packets.get(1))), packets.get(1));
    }

    @Test
    void shouldSendTheKernelsEchoReply() {
        final List<String> packets = recorded("echo");
        final Frame cause = Packets.ipv4(packets.get(0));
        view.parse(cause);
        expect(EchoReply.build(sink, cause, view, id(packets.get(1))), packets.get(1));
    }

    @Test
    void shouldSendTheKernelsReset() {
        final List<String> packets = recorded("reset");
        final Frame cause = Packets.ipv4(packets.get(0));
        view.parse(cause);
        expect(TcpReset.build(sink, cause, view), packets.get(1));
    }

    @Test
    void shouldSendTheKernelsFragments() {
        final List<String> packets = recorded("fragments");
        final Frame cause = Packets.ipv4(packets.get(0));
        view.parse(cause);
        Ipv4.decrementTtl(cause.buffer(), view.ipOffset());

        assertThat(new Fragmenter().fragment(cause, 1400, sink, 1)).isEqualTo(PacketView.OK);

        assertThat(sink.sent().stream().map(Packets::hex)).containsExactlyElementsOf(packets.subList(1, 3));
    }
}
