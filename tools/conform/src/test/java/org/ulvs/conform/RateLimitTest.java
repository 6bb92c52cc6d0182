// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Icmp;
import org.ulvs.wire.Tcp;

/** What the director says of itself is limited: nobody uses it to flood a third. */
class RateLimitTest {
    private static final int ERRORS = 200;
    private static final int RESETS = 2000;
    private static final int ERRORS_AT_ONCE = 100;
    private static final int RESETS_AT_ONCE = 1000;
    private static final String LIMITED = "dropped: rate-limited";

    private final ReplayDirector director = new ReplayDirector(1, ERRORS, RESETS);

    @BeforeEach
    void addService() {
        RuleLine.apply("-A -t 10.0.0.100:80 -s rr", director.admin());
    }

    /** Sends packets from as many sources; returns how many are answered. */
    private int answered(PacketBuilder packet, int count) {
        int answered = 0;
        for (int i = 0; i < count; i++) {
            answered += director.receive(
                            Frames.bytes(packet.mac("02:00:00:00:01:01", "02:00:00:00:01:fe")
                                    .addresses(Addresses.ip("10.1.0.1") + i, Addresses.ip("10.0.0.100"))
                                    .build()),
                            ReplayNetwork.CLIENTS)
                    .size();
        }
        return answered;
    }

    @Test
    void shouldLimitPortUnreachable() {
        assertThat(answered(PacketBuilder.udp(2000, 9), 1000)).isEqualTo(ERRORS_AT_ONCE);
        assertThat(director.counter(LIMITED)).isEqualTo(1000 - ERRORS_AT_ONCE);
        director.advance(0.25);
        assertThat(answered(PacketBuilder.udp(2000, 9), 1000)).isEqualTo(ERRORS / 4);
    }

    @Test
    void shouldLimitWhatIsSaidAboutDroppedPackets() {
        assertThat(answered(PacketBuilder.tcp(2000, 80, Tcp.SYN), 1000))
                .as("no server: port unreachable")
                .isEqualTo(ERRORS_AT_ONCE);
        assertThat(answered(PacketBuilder.udp(2000, 9), 10))
                .as("one limit for all errors")
                .isZero();
    }

    @Test
    void shouldLimitResets() {
        assertThat(answered(PacketBuilder.tcp(2000, 81, Tcp.SYN), 5000)).isEqualTo(RESETS_AT_ONCE);
        director.advance(0.25);
        assertThat(answered(PacketBuilder.tcp(2000, 81, Tcp.SYN), 5000)).isEqualTo(RESETS / 4);
    }

    @Test
    void shouldAnswerEchoWithoutLimit() {
        assertThat(answered(PacketBuilder.icmp(Icmp.ECHO_REQUEST, 0, 1), 3000)).isEqualTo(3000);
    }
}
