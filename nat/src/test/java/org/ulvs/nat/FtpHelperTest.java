// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.testkit.PacketSummary;
import org.ulvs.testkit.RecordingSink;
import org.ulvs.wire.DropReason;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;
import org.ulvs.wire.offload.ChecksumOffload;

class FtpHelperTest {
    private static final int VIP = Addresses.ip("192.168.26.10");

    private final FtpHelper helper = new FtpHelper();
    private final PacketView view = new PacketView();
    private final RecordingSink sink = new RecordingSink();

    private static String text(final String escaped) {
        return escaped.replace("\\r", "\r").replace("\\n", "\n");
    }

    private Frame client(final String payload) {
        final Frame frame = PacketBuilder.tcp(1024, 21, Tcp.ACK | Tcp.PSH)
                .payload(payload)
                .tailroom(0)
                .build();
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        return frame;
    }

    private static PacketBuilder server(final String payload) {
        return PacketBuilder.tcp(21, 1024, Tcp.ACK | Tcp.PSH)
                .addresses("10.11.12.1", "192.168.26.100")
                .payload(payload);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PORT 10,1,0,7,4,1\\r\\n; PORT; 10.1.0.7; 1025",
                "port 192,168,26,100,255,255\\r\\n; PORT; 192.168.26.100; 65535",
                "PORT 10,1,0,7,0,1\\n; PORT; 10.1.0.7; 1",
                "TYPE I\\r\\nPORT 10,1,0,7,4,1\\r\\n; PORT; 10.1.0.7; 1025",
                "EPRT |1|10.1.0.7|1025|\\r\\n; EPRT; 10.1.0.7; 1025",
                "Eprt !1!10.1.0.7!65535!\\r\\n; EPRT; 10.1.0.7; 65535",
                "PASV\\r\\n; PASV; 0.0.0.0; 0",
                "EPSV\\r\\n; EPSV; 0.0.0.0; 0",
                "EPSV 1\\r\\n; EPSV; 0.0.0.0; 0"
            })
    void shouldRecogniseWhatTheClientSays(
            final String payload, final FtpCommand command, final String address, final int port) {
        final Frame frame = client(text(payload));

        assertThat(helper.parseFromClient(frame, view)).isEqualTo(command);

        assertThat(helper.command()).isEqualTo(command);
        assertThat(helper.address()).isEqualTo(Addresses.ip(address));
        assertThat(helper.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "P",
                "PORT",
                "PORT ",
                "PORT 10,1,0,7,4,1",
                "PORT 10,1,0,7,4\\r\\n",
                "PORT 10,1,0,7,4,\\r\\n",
                "PORT 10,1,0,256,4,1\\r\\n",
                "PORT 10,1,0,7,0,0\\r\\n",
                "PORT 10,1,0,7,4,1,2\\r\\n",
                "PORT 10.1.0.7.4.1\\r\\n",
                "PORT -1,1,0,7,4,1\\r\\n",
                "PORT 99999999999999999999,1,0,7,4,1\\r\\n",
                "RETR PORT 10,1,0,7,4,1\\r\\n",
                "EPRT |2|1080::8|5282|\\r\\n",
                "EPRT |1|10.1.0.7|1025\\r\\n",
                "EPRT |1|10.1.0|1025|\\r\\n",
                "EPRT |1|10.1.0.7|65536|\\r\\n",
                "EPRT |1|10.1.0.7!1025|\\r\\n",
                "EPRT 010.1.0.70102501\\r\\n",
                "PASVX\\r\\n",
                "PASV",
                "EPSV ALL\\r\\n",
                "EPSV 2\\r\\n",
                "\\n\\n\\n"
            })
    void shouldNotRecogniseWhatIsMalformedSplitOrSomethingElse(final String payload) {
        final Frame frame = client(text(payload));

        assertThat(helper.parseFromClient(frame, view)).isEqualTo(FtpCommand.NONE);
        assertThat(helper.parseFromServer(frame, view)).isEqualTo(FtpCommand.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "227 Entering Passive Mode (10,11,12,1,4,1).\\r\\n; PASSIVE_REPLY; 10.11.12.1; 1025",
                "227 Entering Passive Mode 10,11,12,1,4,1\\r\\n; PASSIVE_REPLY; 10.11.12.1; 1025",
                "227 1 is (10,11,12,1,4,1)\\r\\n; PASSIVE_REPLY; 10.11.12.1; 1025",
                "200 ok\\r\\n227 =10,11,12,1,255,0\\r\\n; PASSIVE_REPLY; 10.11.12.1; 65280",
                "229 Entering Extended Passive Mode (|||6446|)\\r\\n; EXTENDED_PASSIVE_REPLY; 0.0.0.0; 6446",
                "229 (!!!1!)\\r\\n; EXTENDED_PASSIVE_REPLY; 0.0.0.0; 1",
                "227 Entering Passive Mode (10,11,12,1,4,1; NONE; 0.0.0.0; 0",
                "227-Entering Passive Mode (10,11,12,1,4,1)\\r\\n; NONE; 0.0.0.0; 0",
                "229 Entering Extended Passive Mode (|||6446; NONE; 0.0.0.0; 0",
                "229 (|||0|)\\r\\n; NONE; 0.0.0.0; 0",
                "229 (||x|1|)\\r\\n; NONE; 0.0.0.0; 0",
                "228 Long Passive Mode (10,11,12,1,4,1)\\r\\n; NONE; 0.0.0.0; 0",
                "331 227 (10,11,12,1,4,1)\\r\\n; NONE; 0.0.0.0; 0"
            })
    void shouldRecogniseWhatTheServerSays(
            final String payload, final FtpCommand command, final String address, final int port) {
        final Frame frame = client(text(payload));

        assertThat(helper.parseFromServer(frame, view)).isEqualTo(command);

        if (command != FtpCommand.NONE) {
            assertThat(helper.address()).isEqualTo(Addresses.ip(address));
            assertThat(helper.port()).isEqualTo(port);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldRewriteAReplyThatGrowsInPlaceOrInANewFrame(final int tailroom) {
        for (final boolean partial : new boolean[] {false, true}) {
            final PacketBuilder builder =
                    server("227 Entering Passive Mode (10,11,12,1,4,1).\r\n").tailroom(tailroom * 6);
            final Frame frame = (partial ? builder.partialChecksum() : builder).build();
            view.parse(frame);
            helper.parseFromServer(frame, view);

            assertThat(helper.rewriteReply(frame, view, VIP, 65535, sink)).isEqualTo(PacketView.OK);

            // "10,11,12,1,4,1" became "192,168,26,10,255,255"
            assertThat(helper.delta()).isEqualTo(7);
            final Frame rewritten = helper.frame();
            assertThat(rewritten == frame).isEqualTo(tailroom == 2);
            assertThat(view.parse(rewritten)).isEqualTo(PacketView.OK);
            assertThat(payload(rewritten)).isEqualTo("227 Entering Passive Mode (192,168,26,10,255,255).\r\n");
            assertThat(rewritten.checksumPartial()).isEqualTo(partial);
            assertThat(PacketSummary.checksumState(rewritten, view)).isEqualTo(partial ? "partial" : "right");
            ChecksumOffload.finish(rewritten);
            view.parse(rewritten);
            assertThat(PacketSummary.checksumState(rewritten, view)).isEqualTo("right");
        }
    }

    @Test
    void shouldRewriteAReplyThatShrinks() {
        final Frame frame = server("227 ok (192,168,126,110,255,255)\r\n331 more\r\n")
                .padding(4)
                .build();
        view.parse(frame);
        helper.parseFromServer(frame, view);

        assertThat(helper.rewriteReply(frame, view, Addresses.ip("1.2.3.4"), 256, sink))
                .isEqualTo(PacketView.OK);

        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        assertThat(payload(frame)).isEqualTo("227 ok (1,2,3,4,1,0)\r\n331 more\r\n");
        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("right");
        assertThat(frame.length()).isEqualTo(Ethernet.LENGTH + view.totalLength());
    }

    @Test
    void shouldRewriteAnExtendedReply() {
        final Frame frame =
                server("229 Entering Extended Passive Mode (|||6446|)\r\n").build();
        view.parse(frame);
        helper.parseFromServer(frame, view);

        assertThat(helper.rewriteReply(frame, view, VIP, 50000, sink)).isEqualTo(PacketView.OK);

        view.parse(frame);
        assertThat(payload(frame)).isEqualTo("229 Entering Extended Passive Mode (|||50000|)\r\n");
        assertThat(helper.delta()).isEqualTo(1);
    }

    @Test
    void shouldRewriteASuperFrame() {
        final String rest = "x".repeat(9000);
        final Frame frame = server("227 ok (10,11,12,1,4,1)\r\n" + rest)
                .gso(Frame.GSO_TCPV4, 1448)
                .build();
        view.parse(frame);
        helper.parseFromServer(frame, view);

        assertThat(helper.rewriteReply(frame, view, VIP, 65535, sink)).isEqualTo(PacketView.OK);

        view.parse(frame);
        assertThat(payload(frame)).isEqualTo("227 ok (192,168,26,10,255,255)\r\n" + rest);
        assertThat(PacketSummary.checksumState(frame, view)).isEqualTo("partial");
        assertThat(frame.gsoSize()).isEqualTo(1448);
    }

    @Test
    void shouldNotMakeAWrongChecksumRight() {
        final Frame frame =
                server("227 ok (10,11,12,1,4,1)\r\n").wrongChecksum(5).build();
        final byte[] before = Frames.bytes(frame);
        view.parse(frame);
        helper.parseFromServer(frame, view);

        assertThat(helper.rewriteReply(frame, view, VIP, 65535, sink))
                .isEqualTo(DropReason.BAD_TRANSPORT_CHECKSUM.id());
        assertThat(Frames.bytes(frame)).isEqualTo(before);
    }

    @Test
    void shouldSayWhenThereIsNoMemoryForALargerFrame() {
        final Frame frame = server("227 ok (10,11,12,1,4,1)\r\n").tailroom(0).build();
        final byte[] before = Frames.bytes(frame);
        view.parse(frame);
        helper.parseFromServer(frame, view);

        assertThat(helper.rewriteReply(frame, view, VIP, 65535, sink.allocations(0)))
                .isEqualTo(DropReason.NO_SCRATCH.id());
        assertThat(Frames.bytes(frame)).isEqualTo(before);
    }

    @Test
    void shouldRefuseToRewriteWhatIsNoReply() {
        final Frame frame = client("PORT 10,1,0,7,4,1\r\n");
        helper.parseFromClient(frame, view);
        assertThatThrownBy(() -> helper.rewriteReply(frame, view, VIP, 1, sink)).hasMessageContaining("PORT");
    }

    @Test
    void shouldSearchOnlyTheBeginningOfALargeSegment() {
        final String noise = "x".repeat(FtpHelper.MAX_SEARCHED - 4);
        final Frame frame = client(noise + "\r\nPORT 10,1,0,7,4,1\r\n");
        assertThat(helper.parseFromClient(frame, view)).isEqualTo(FtpCommand.NONE);
    }

    @Test
    void shouldSurviveAnyPayload() {
        final SplittableRandom random = new SplittableRandom(3);
        final String[] texts = {
            "PORT 10,1,0,7,4,1\r\n",
            "EPRT |1|10.1.0.7|1025|\r\n",
            "227 (10,11,12,1,4,1)\r\n",
            "229 (|||6446|)\r\n",
            "EPSV 1\r\n"
        };
        int recognised = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] payload = texts[random.nextInt(texts.length)].getBytes(StandardCharsets.US_ASCII);
            for (int j = random.nextInt(3); j > 0; j--) {
                payload[random.nextInt(payload.length)] = (byte)
                        (random.nextBoolean()
                                ? random.nextInt(256)
                                : "0123456789,.|() \r\n".charAt(random.nextInt(18)));
            }
            payload = Arrays.copyOf(payload, random.nextInt(payload.length + 1));
            final Frame frame = Frames.exact(Frames.bytes(
                    PacketBuilder.tcp(21, 21, Tcp.ACK).payload(payload).build()));
            view.parse(frame);
            recognised += helper.parseFromClient(frame, view) == FtpCommand.NONE ? 0 : 1;
            if (helper.parseFromServer(frame, view) != FtpCommand.NONE) {
                recognised++;
                assertThat(helper.rewriteReply(frame, view, VIP, 65535, sink)).isEqualTo(PacketView.OK);
                assertThat(view.parse(helper.frame())).isEqualTo(PacketView.OK);
                assertThat(PacketSummary.checksumState(helper.frame(), view)).isEqualTo("right");
            }
        }
        assertThat(recognised).isGreaterThan(1000);
    }

    private String payload(final Frame frame) {
        final byte[] bytes = new byte[view.payloadLength()];
        final UnsafeBuffer buffer = frame.buffer();
        buffer.getBytes(view.payloadOffset(), bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
