// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.Errno;
import org.ulvs.testkit.Addresses;
import org.ulvs.testkit.Frames;
import org.ulvs.tools.ipvsadm.RuleLine;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;
import tools.jackson.databind.JsonNode;

/** Replays one recording of {@code packets/}: each frame in, byte for byte what came out. */
final class PacketReplay {
    private final JsonNode recording;
    private final ReplayDirector director = new ReplayDirector();

    PacketReplay(JsonNode recording) {
        this.recording = recording;
    }

    /** Replays; returns the first difference, or null. */
    @Nullable
    Difference run() {
        configure();
        final JsonNode packets = recording.get("packets");
        for (int i = 0; i < packets.size(); i++) {
            final JsonNode packet = packets.get(i);
            final JsonNode inputs = packet.get("input");
            for (int j = 0; j < inputs.size(); j++) {
                final List<Frame> out = director.receive(
                        bytes(inputs.get(j)),
                        ReplayNetwork.port(inputs.get(j).get("dev").asString()));
                final String difference = compare(packet.get("output").path(j), out);
                if (difference != null) {
                    return new Difference(
                            i,
                            packet.path("note").asString() + ", frame " + j,
                            describe(packet.get("output").path(j)),
                            difference);
                }
            }
        }
        return null;
    }

    private void configure() {
        recording.path("sysctl").properties().forEach(entry -> {
            if (director.admin().setSysctl(entry.getKey(), entry.getValue().asString()) != Errno.OK) {
                throw new IllegalStateException("refused sysctl " + entry.getKey());
            }
        });
        for (final JsonNode line : recording.path("link_setup")) {
            final String[] words = line.asString().split("\\s+", -1);
            if (words.length == 5 && "mtu".equals(words[3])) {
                director.network().mtu(ReplayNetwork.port(words[2]), Integer.parseInt(words[4]));
            } else {
                throw new IllegalArgumentException("link setup is not understood: " + line);
            }
        }
        for (final JsonNode line : recording.get("rules")) {
            RuleLine.apply(line.asString(), director.admin());
        }
    }

    private static byte[] bytes(JsonNode frame) {
        final byte[] l3 = Frames.fromHex(frame.get("l3").asString());
        final byte[] bytes = new byte[Ethernet.LENGTH + l3.length];
        System.arraycopy(l3, 0, bytes, Ethernet.LENGTH, l3.length);
        final Frame wrapped = new Frame().wrap(bytes, 0, bytes.length, 0);
        Ethernet.destination(
                wrapped.buffer(), 0, Addresses.mac(frame.get("dst_mac").asString()));
        Ethernet.source(wrapped.buffer(), 0, Addresses.mac(frame.get("src_mac").asString()));
        Ethernet.type(wrapped.buffer(), 0, Ethernet.TYPE_IPV4);
        return bytes;
    }

    private static @Nullable String compare(JsonNode expected, List<Frame> out) {
        final List<String> actual = out.stream().map(PacketReplay::describe).toList();
        if (out.size() != expected.size()) {
            return actual.toString();
        }
        for (int i = 0; i < out.size(); i++) {
            if (!isSame(expected.get(i), out.get(i))) {
                return actual.toString();
            }
        }
        return null;
    }

    private static boolean isSame(JsonNode expected, Frame frame) {
        final byte[] wanted = Frames.fromHex(expected.get("l3").asString());
        final byte[] bytes = Frames.bytes(frame);
        final byte[] l3 = Arrays.copyOfRange(bytes, Ethernet.LENGTH, bytes.length);
        if (wanted.length != l3.length) {
            return false;
        }
        for (final JsonNode offset : expected.path("volatile")) {
            wanted[offset.asInt()] = 0;
            l3[offset.asInt()] = 0;
        }
        return Arrays.equals(wanted, l3)
                && expected.get("dev").asString().equals(ReplayNetwork.deviceName(frame.port()))
                && Addresses.mac(expected.get("dst_mac").asString())
                        == Ethernet.destination(frame.buffer(), frame.offset())
                && Addresses.mac(expected.get("src_mac").asString()) == Ethernet.source(frame.buffer(), frame.offset());
    }

    private static String describe(Frame frame) {
        final byte[] bytes = Frames.bytes(frame);
        return ReplayNetwork.deviceName(frame.port()) + " "
                + Addresses.mac(Ethernet.destination(frame.buffer(), frame.offset())) + " "
                + Frames.toHex(Arrays.copyOfRange(bytes, Ethernet.LENGTH, bytes.length));
    }

    private static String describe(JsonNode frames) {
        final List<String> texts = new ArrayList<>();
        for (final JsonNode frame : frames) {
            texts.add(frame.get("dev").asString() + " " + frame.get("dst_mac").asString() + " "
                    + frame.get("l3").asString());
        }
        return texts.toString();
    }
}
