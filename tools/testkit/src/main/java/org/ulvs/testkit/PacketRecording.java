// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.ulvs.wire.Ethernet;
import org.ulvs.wire.Frame;

/** Frames that were recorded from a real kernel director: what went in, and what came out for it. */
public final class PacketRecording {
    private final List<Exchange> exchanges = new ArrayList<>();

    private PacketRecording() {}

    /** One or more frames that went in, and for each what came out. */
    public record Exchange(String note, List<RecordedFrame> input, List<List<RecordedFrame>> output) {
        /** The only frame that went in. */
        public RecordedFrame in() {
            return input.get(0);
        }

        /** All frames that came out, in order. */
        public List<RecordedFrame> out() {
            return output.stream().flatMap(List::stream).toList();
        }
    }

    /** A frame on a device; bytes of the IP packet at places in {@code unstable} differ from run to run. */
    public record RecordedFrame(String device, long destination, long source, String packet, Set<Integer> unstable) {
        /** The whole frame, in memory of its own. */
        public Frame frame() {
            final byte[] recorded = Frames.fromHex(packet);
            final byte[] bytes = new byte[Ethernet.LENGTH + recorded.length];
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            Ethernet.destination(buffer, 0, destination);
            Ethernet.source(buffer, 0, source);
            Ethernet.type(buffer, 0, Ethernet.TYPE_IPV4);
            buffer.putBytes(Ethernet.LENGTH, recorded);
            return Frames.of(bytes, 64);
        }

        /** Bytes of a frame in hexadecimal, with those that are not to be compared as in the recording. */
        public String comparable(final Frame frame) {
            final byte[] recorded = Frames.fromHex(packet);
            final byte[] bytes = Frames.bytes(frame);
            for (final int place : unstable) {
                if (Ethernet.LENGTH + place < bytes.length) {
                    bytes[Ethernet.LENGTH + place] = recorded[place];
                }
            }
            return Frames.toHex(bytes);
        }

        /** Bytes of the recorded frame in hexadecimal. */
        public String hex() {
            return Frames.toHex(Frames.bytes(frame()));
        }
    }

    /**
     * Reads a recording from the class path.
     *
     * @throws IllegalArgumentException if it is not there or not a recording
     */
    public static PacketRecording load(final Class<?> owner, final String resource) {
        try (InputStream stream = owner.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalArgumentException("no resource " + resource + " beside " + owner.getName());
            }
            final Map<?, ?> root = (Map<?, ?>)
                    Objects.requireNonNull(Json.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8)));
            final PacketRecording recording = new PacketRecording();
            for (final Object element : list(root, "packets")) {
                final Map<?, ?> packet = (Map<?, ?>) element;
                recording.exchanges.add(new Exchange(
                        (String) value(packet, "note"),
                        frames(list(packet, "input")),
                        list(packet, "output").stream()
                                .map(out -> frames((List<?>) out))
                                .toList()));
            }
            return recording;
        } catch (final IOException ex) {
            throw new IllegalArgumentException("cannot read " + resource, ex);
        }
    }

    /** All exchanges, in order. */
    public List<Exchange> exchanges() {
        return exchanges;
    }

    /**
     * The first exchange whose note begins with {@code note}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Exchange exchange(final String note) {
        return exchanges.stream()
                .filter(exchange -> exchange.note().startsWith(note))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no exchange: " + note));
    }

    private static List<RecordedFrame> frames(final List<?> elements) {
        final List<RecordedFrame> frames = new ArrayList<>();
        for (final Object element : elements) {
            final Map<?, ?> frame = (Map<?, ?>) element;
            final Set<Integer> unstable = new HashSet<>();
            if (frame.get("volatile") instanceof List<?> places) {
                places.forEach(place -> unstable.add(((Number) place).intValue()));
            }
            frames.add(new RecordedFrame(
                    (String) value(frame, "dev"),
                    Addresses.mac((String) value(frame, "dst_mac")),
                    Addresses.mac((String) value(frame, "src_mac")),
                    (String) value(frame, "l3"),
                    unstable));
        }
        return frames;
    }

    private static List<?> list(final Map<?, ?> map, final String key) {
        return (List<?>) value(map, key);
    }

    private static Object value(final Map<?, ?> map, final String key) {
        final Object value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key + " in " + map.keySet());
        }
        return value;
    }
}
