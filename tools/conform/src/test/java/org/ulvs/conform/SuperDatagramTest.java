// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Frame;

/** A super-frame that stands for the fragments of one UDP datagram leaves as the datagram would. */
class SuperDatagramTest {
    private static final int FRAGMENT = 1480;

    private static PacketBuilder datagram() {
        return PacketBuilder.udp(2000, 53)
                .mac("02:00:00:00:01:01", "02:00:00:00:01:fe")
                .addresses("10.1.0.1", "10.0.0.100")
                .payload(4000);
    }

    private static List<String> send(String method, Frame frame) {
        final ReplayDirector director = new ReplayDirector();
        RuleLine.apply("-A -u 10.0.0.100:53 -s rr", director.admin());
        RuleLine.apply("-a -u 10.0.0.100:53 -r 10.0.2.1:53 -w 1 " + method, director.admin());
        return director.receive(frame, ReplayNetwork.CLIENTS).stream()
                .map(out -> out.gsoType() + Frames.toHex(Frames.bytes(out)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m", "-g", "-i", "-i --tun-type gre --tun-csum"})
    void shouldLeaveInFragments(String method) {
        final List<String> whole = send(method, datagram().build());
        assertThat(whole).hasSize(3);
        assertThat(send(method, datagram().gso(Frame.GSO_UDP, FRAGMENT).build()))
                .isEqualTo(whole);
    }
}
