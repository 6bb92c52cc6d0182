// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ulvs.wire.Arp;
import org.ulvs.wire.Frame;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Tcp;

class BuilderTest {
    @Test
    void shouldBuildTheFrameThatAKernelDirectorReceived() {
        final Frame frame = PacketBuilder.tcp(0x80E8, 80, Tcp.SYN)
                .id(0x1234)
                .dontFragment()
                .tcpOptions(2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 0x11, 0x22, 0x33, 0, 0, 0, 0, 1, 3, 3, 7)
                .build();
        assertThat(Frames.toHex(Frames.bytes(frame)))
                .isEqualTo("0200000001fe0200000001010800"
                        + "4500003c123440004006141d0a0100070a00006480e80050000003e800000000a002ffff8c300000"
                        + "020405b40402080a001122330000000001030307");
    }

    @Test
    void shouldSummarise() {
        assertThat(PacketSummary.of(PacketBuilder.tcp(1024, 80, Tcp.SYN | Tcp.ACK)
                        .wrongChecksum(1)
                        .build()))
                .isEqualTo("02:00:00:00:01:01 > 02:00:00:00:01:fe TCP 10.1.0.7:1024 > 10.0.0.100:80 ttl 64 id 1"
                        + " len 40 SA seq 1000 ack 0 payload 0 csum wrong");
        final byte[] quoted = Frames.bytes(PacketBuilder.udp(53, 1024).build());
        assertThat(PacketSummary.of(PacketBuilder.icmp(Icmp.UNREACHABLE, 3, 0)
                        .payload(Arrays.copyOfRange(quoted, 14, quoted.length))
                        .build()))
                .contains("ICMP 10.1.0.7 > 10.0.0.100", "3/3 about UDP 10.1.0.7:53 > 10.0.0.100:1024", "csum right");
        assertThat(PacketSummary.of(
                        PacketBuilder.udp(1, 2).payload(100).dontFragment().buildFragment(16, 24)))
                .endsWith("ttl 64 id 1 DF len 44 frag 16+");
        assertThat(PacketSummary.of(PacketBuilder.arp(
                        Arp.REQUEST, "02:00:00:00:00:01", "10.0.0.1", "00:00:00:00:00:00", "10.0.0.2")))
                .isEqualTo("02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff ARP op 1 10.0.0.1 > 10.0.0.2");
        assertThat(PacketSummary.of(Frames.of(new byte[5]))).isEqualTo("truncated 5 bytes");
    }

    @Test
    void shouldMakeTheSameFramesFromTheSameSeed() {
        final FrameMutator one = new FrameMutator(5, new int[] {1, 2}, 80);
        final FrameMutator two = new FrameMutator(5, new int[] {1, 2}, 80);
        for (int i = 0; i < 1000; i++) {
            assertThat(one.next()).isEqualTo(two.next());
        }
    }

    @Test
    void shouldDumpInLinesOfSixteen() {
        assertThat(Frames.hexDump(Frames.of(Frames.fromHex("000102030405060708090a0b0c0d0e0f 10"))))
                .isEqualTo("0000   00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f\n0010   10\n");
    }

    @Test
    void shouldKeepWhatWasSentAsItWasThen() {
        final RecordingSink sink = new RecordingSink().allocations(1);
        final Frame frame =
                PacketBuilder.tcp(1, 2, Tcp.ACK).payload(5).partialChecksum().build();
        sink.send(frame, 7);
        frame.buffer().putByte(frame.offset(), (byte) 0x55);
        final Frame sent = sink.sent().get(0);
        assertThat(sent.port()).isEqualTo(7);
        assertThat(sent.checksumPartial()).isTrue();
        assertThat(sent.buffer().getByte(sent.offset())).isEqualTo((byte) 2);
        assertThat(sink.allocate(60)).isNotNull();
        assertThat(sink.allocate(60)).isNull();
    }

    @Test
    void shouldReadJson() {
        assertThat(Json.parse(" {\"a\": [1, -2.5, true, null, \"x\\u0041\\n\"], \"b\": {}} "))
                .isEqualTo(Map.of("a", Arrays.asList(1L, -2.5, true, null, "xA\n"), "b", Map.of()));
        assertThat(Json.parse("[]")).isEqualTo(List.of());
        for (final String wrong : List.of("", "[1", "{\"a\" 1}", "[1 2]", "\"x", "nul", "1 2", "\"\\q\"")) {
            assertThatThrownBy(() -> Json.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at character");
        }
    }

    @Test
    void shouldReadAndWriteAddresses() {
        assertThat(Addresses.ip("192.168.26.10")).isEqualTo(0xC0A81A0A);
        assertThat(Addresses.ip(0xC0A81A0A)).isEqualTo("192.168.26.10");
        assertThat(Addresses.mac(Addresses.mac("02:00:00:00:01:fe"))).isEqualTo("02:00:00:00:01:fe");
        assertThatThrownBy(() -> Addresses.ip("1.2.3")).hasMessageContaining("1.2.3");
        assertThatThrownBy(() -> Addresses.ip("1.2.3.256")).hasMessageContaining("1.2.3.256");
    }
}
