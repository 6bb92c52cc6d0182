// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpOptionsTest {
    private static final int ADDRESS = 0x0A000064;
    private static final int NOON = 43_200_000;

    private final PacketView view = new PacketView();

    private static Frame withOptions(final String hex) {
        final byte[] options = HexFormat.of().parseHex(hex);
        final byte[] packet = new byte[20 + ((options.length + 3) & -4)];
        final UnsafeBuffer buffer = new UnsafeBuffer(packet);
        Ipv4.write(buffer, 0, 0, packet.length, 1, 0, 64, 47, Packets.CLIENT, Packets.VIP);
        buffer.putByte(0, (byte) (0x40 | packet.length / 4));
        buffer.putBytes(20, options);
        Ipv4.writeChecksum(buffer, 0);
        return Packets.ipv4(packet);
    }

    private int process(final Frame frame) {
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        return IpOptions.process(frame, view, ADDRESS, NOON);
    }

    @ParameterizedTest
    @CsvSource({
        // record route with room, full
        "070704000000000000, 0707080a0000640000",
        "0707080102030400, 0707080102030400",
        // timestamp alone, with address, prespecified for us and for another
        "4408050000000000, 4408090002932e00",
        "440c05010000000000000000, 440c0d010a00006402932e00",
        "440c05030a00006400000000, 440c0d030a00006402932e00",
        "440c05030a00006500000000, 440c05030a00006500000000",
        // full timestamp counts what did not fit
        "44080900000000ff, 44080910000000ff",
        // nothing to be done
        "01010101, 01010101",
        "940400000101, 940400000101",
        // what lies behind the end is cleared
        "0001020300000000, 0000000000000000"
    })
    void shouldDoWhatALinuxRouterDoes(final String before, final String after) {
        final Frame frame = withOptions(before);

        assertThat(process(frame)).isEqualTo(PacketView.OK);

        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        assertThat(Packets.hex(frame).substring(40)).startsWith(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0707030000000001",
                "0707050000000001",
                "07010101",
                "0702040101010101",
                "0729040000000000",
                "4404040001010101",
                "4406050001010101",
                "440b05010000000000000001",
                "440809f000000000",
                "0703040703040101",
                "01010107"
            })
    void shouldRefuseMalformedOptions(final String options) {
        assertThat(process(withOptions(options))).isEqualTo(DropReason.BAD_IP_OPTIONS.id());
    }

    @Test
    void shouldRefuseSourceRoutes() {
        assertThat(process(withOptions("8307040000000000"))).isEqualTo(DropReason.SOURCE_ROUTE.id());
        assertThat(process(withOptions("018907040000000000"))).isEqualTo(DropReason.SOURCE_ROUTE.id());
    }

    @Test
    void shouldKeepOnlyCopiedOptionsForLaterFragments() {
        final Frame frame = withOptions("0707040000000094040000440805000000000000000000");
        IpOptions.keepCopied(frame.buffer(), frame.offset() + 14);
        assertThat(Packets.hex(frame).substring(40)).startsWith("01010101010101940400000101010101010101");
    }

    @Test
    void shouldSurviveAnyOptions() {
        final SplittableRandom random = new SplittableRandom(4);
        final byte[] packet = new byte[60];
        for (int i = 0; i < 200_000; i++) {
            random.nextBytes(packet);
            if (random.nextInt(2) == 0) {
                packet[20] = (byte) (random.nextBoolean() ? 7 : 68);
                packet[21] = (byte) random.nextInt(42);
                packet[22] = (byte) random.nextInt(44);
            }
            final int length = 24 + random.nextInt(10) * 4;
            final byte[] cut = Arrays.copyOf(packet, length);
            final UnsafeBuffer buffer = new UnsafeBuffer(cut);
            buffer.putByte(0, (byte) (0x40 | length / 4));
            Ipv4.totalLength(buffer, 0, length);
            Ipv4.fragmentWord(buffer, 0, 1);
            Ipv4.writeChecksum(buffer, 0);
            final Frame frame = Packets.ipv4(cut);
            final int result = process(frame);
            if (result == PacketView.OK) {
                assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
            }
            IpOptions.keepCopied(frame.buffer(), frame.offset() + 14);
        }
    }
}
