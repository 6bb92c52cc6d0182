// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.testkit.PacketBuilder;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Frame;
import org.ulvs.wire.PacketView;
import org.ulvs.wire.Tcp;

/** A connection whose sequence numbers are adjusted goes on in the next process. */
class RestartTest {
    private static final String CLIENT = "10.1.0.1";
    private static final String VIRTUAL = "10.0.0.100";
    private static final String SERVER = "10.0.2.1";
    private static final String PASSIVE = "227 Entering Passive Mode (10,0,2,1,4,1).\r\n";
    private static final String REWRITTEN = "227 Entering Passive Mode (10,0,0,100,4,1).\r\n";
    private static final int GREETING = 5000;
    private static final int COMMAND = 1001;

    private static ReplayDirector director() {
        final ReplayDirector director = new ReplayDirector();
        RuleLine.apply("-A -t 10.0.0.100:21 -s rr", director.admin());
        RuleLine.apply("-a -t 10.0.0.100:21 -r 10.0.2.1:21 -m -w 1", director.admin());
        return director;
    }

    private static Frame client(ReplayDirector director, int flags, int acknowledgement) {
        return one(director.receive(
                Frames.bytes(PacketBuilder.tcp(2000, 21, flags)
                        .mac("02:00:00:00:01:01", "02:00:00:00:01:fe")
                        .addresses(CLIENT, VIRTUAL)
                        .sequence(COMMAND, acknowledgement)
                        .build()),
                ReplayNetwork.CLIENTS));
    }

    private static Frame server(ReplayDirector director, int flags, int sequence, String text) {
        return one(director.receive(
                Frames.bytes(PacketBuilder.tcp(21, 2000, flags)
                        .mac("02:00:00:00:02:01", "02:00:00:00:02:fe")
                        .addresses(SERVER, CLIENT)
                        .sequence(sequence, COMMAND)
                        .payload(text)
                        .build()),
                ReplayNetwork.SERVERS));
    }

    private static Frame one(List<Frame> frames) {
        assertThat(frames).hasSize(1);
        return frames.get(0);
    }

    private static PacketView view(Frame frame) {
        final PacketView view = new PacketView();
        assertThat(view.parse(frame)).isEqualTo(PacketView.OK);
        assertThat(view.isTransportChecksumValid()).isTrue();
        return view;
    }

    @Test
    void shouldKeepAdjustingSequenceNumbersOfAnFtpControlConnection() {
        final ReplayDirector first = director();
        client(first, Tcp.SYN, 0);
        server(first, Tcp.SYN | Tcp.ACK, GREETING - 1, "");
        client(first, Tcp.ACK, GREETING);
        final Frame reply = server(first, Tcp.PSH | Tcp.ACK, GREETING, PASSIVE);
        assertThat(new String(Frames.bytes(reply), StandardCharsets.US_ASCII)).endsWith(REWRITTEN);
        final int longer = REWRITTEN.length() - PASSIVE.length();
        assertThat(longer).isPositive();
        final int end = GREETING + PASSIVE.length();

        final ReplayDirector second = director();
        second.adopt(first);

        assertThat(second.connections().count())
                .as("control and expected data connection")
                .isEqualTo(2);
        final Frame next = server(second, Tcp.PSH | Tcp.ACK, end, "226 done.\r\n");
        assertThat(Tcp.sequence(next.buffer(), view(next).transportOffset())).isEqualTo(end + longer);
        assertThat(view(next).source()).isEqualTo(Addresses.ip(VIRTUAL));
        final Frame acknowledged = client(second, Tcp.ACK, end + longer);
        assertThat(Tcp.acknowledgement(acknowledged.buffer(), view(acknowledged).transportOffset()))
                .isEqualTo(end);
    }
}
