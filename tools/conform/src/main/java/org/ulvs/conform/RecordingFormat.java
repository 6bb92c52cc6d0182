// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a recording may contain. A field that is not known here is refused with its place: a replay that overlooked it
 * would say nothing about the code that forwards.
 */
final class RecordingFormat {
    private static final Set<String> VECTOR = Set.of(
            "name",
            "group",
            "desc",
            "kernel",
            "scheduler",
            "sysctl",
            "timeouts",
            "marks",
            "services",
            "setup",
            "reals",
            "events",
            "expect");
    private static final Set<String> SERVICE = Set.of(
            "proto",
            "addr",
            "port",
            "fwmark",
            "scheduler",
            "flags",
            "persistent",
            "netmask",
            "one_packet",
            "forwarding",
            "servers",
            "match");
    private static final Set<String> SERVER = Set.of("real", "addr", "port", "weight", "u", "l");
    private static final Set<String> CLIENT_PACKET = Set.of("op", "src", "sport", "dst", "dport", "len");
    private static final Set<String> SERVER_PACKET = Set.of("op", "real", "src", "sport", "dst", "dport", "len");
    private static final Set<String> ANY = Set.of();
    private static final Map<String, Set<String>> EVENTS = Map.ofEntries(
            Map.entry("syn", CLIENT_PACKET),
            Map.entry("ack", CLIENT_PACKET),
            Map.entry("data", CLIENT_PACKET),
            Map.entry("fin", CLIENT_PACKET),
            Map.entry("rst", CLIENT_PACKET),
            Map.entry("synack", CLIENT_PACKET),
            Map.entry("udp", CLIENT_PACKET),
            Map.entry("s_synack", SERVER_PACKET),
            Map.entry("s_ack", SERVER_PACKET),
            Map.entry("s_data", SERVER_PACKET),
            Map.entry("s_fin", SERVER_PACKET),
            Map.entry("s_rst", SERVER_PACKET),
            Map.entry("s_udp", SERVER_PACKET),
            Map.entry("set_weight", Set.of("op", "svc", "real", "weight", "u", "l", "addr", "port")),
            Map.entry("add_server", Set.of("op", "svc", "real", "addr", "port", "weight", "u", "l")),
            Map.entry("del_server", Set.of("op", "svc", "real", "addr", "port")),
            Map.entry("edit_service", Set.of("op", "svc", "scheduler", "flags", "persistent", "netmask", "one_packet")),
            Map.entry("del_service", Set.of("op", "svc")),
            Map.entry("add_service", Set.of("op", "svc", "servers")),
            Map.entry("set_timeouts", ANY),
            Map.entry("sysctl", ANY),
            Map.entry("zero", Set.of("op", "svc")),
            Map.entry("advance_s", Set.of("op", "s")),
            Map.entry("check", Set.of("op", "conns")),
            Map.entry("conns", Set.of("op")),
            Map.entry("state", Set.of("op", "src", "sport", "walk")),
            Map.entry("totals", Set.of("op")),
            Map.entry("stats", Set.of("op")));
    private static final Set<String> PACKETS =
            Set.of("name", "desc", "kernel", "rules", "sysctl", "link_setup", "packets");
    private static final Set<String> STEP = Set.of("note", "input", "output");
    private static final Set<String> FRAME = Set.of("dev", "dst_mac", "src_mac", "ethertype", "l3", "volatile");

    private RecordingFormat() {}

    /** Refuses a recording with parts that are not known, or without those that a replay needs. */
    static void check(JsonNode recording) {
        if (recording.has("packets")) {
            checkPackets(recording);
        } else {
            checkVector(recording);
        }
    }

    private static void checkVector(JsonNode scenario) {
        check("the scenario", scenario, VECTOR);
        require(scenario, "services", "reals", "events", "expect");
        for (int i = 0; i < scenario.path("services").size(); i++) {
            final JsonNode service = scenario.get("services").get(i);
            check("services[" + i + "]", service, SERVICE);
            checkServers("services[" + i + "]", service);
        }
        final int events = scenario.path("events").size();
        if (events != scenario.path("expect").size()) {
            throw new IllegalArgumentException(
                    events + " events but " + scenario.path("expect").size() + " results");
        }
        for (int i = 0; i < events; i++) {
            final JsonNode event = scenario.get("events").get(i);
            final String place = "events[" + i + "]";
            final Set<String> known = EVENTS.get(event.path("op").asString(""));
            if (known == null) {
                throw new IllegalArgumentException(place + ": event " + event.path("op") + " is not known");
            }
            if (!known.isEmpty()) {
                check(place, event, known);
            }
            checkServers(place, event);
        }
    }

    private static void checkServers(String place, JsonNode holder) {
        for (int i = 0; i < holder.path("servers").size(); i++) {
            check(place + ".servers[" + i + "]", holder.get("servers").get(i), SERVER);
        }
    }

    private static void checkPackets(JsonNode recording) {
        check("the recording", recording, PACKETS);
        require(recording, "rules", "packets");
        for (int i = 0; i < recording.path("packets").size(); i++) {
            final JsonNode step = recording.get("packets").get(i);
            final String place = "packets[" + i + "]";
            check(place, step, STEP);
            step.path("input").forEach(frame -> check(place + ".input", frame, FRAME));
            step.path("output").forEach(frames -> frames.forEach(frame -> check(place + ".output", frame, FRAME)));
        }
    }

    private static void require(JsonNode recording, String... fields) {
        for (final String field : fields) {
            if (!recording.path(field).isArray()) {
                throw new IllegalArgumentException("there is no array \"" + field + "\"");
            }
        }
    }

    private static void check(String place, JsonNode node, Set<String> known) {
        for (final String field : node.propertyNames()) {
            if (!known.contains(field)) {
                throw new IllegalArgumentException(place + ": field \"" + field + "\" is not known");
            }
        }
    }

    /** The three values of ipvsadm --set in a set_timeouts event: by their names, or in an array in their order. */
    static int[] timeouts(JsonNode event) {
        final List<Integer> values = new ArrayList<>();
        for (final Map.Entry<String, JsonNode> entry : event.properties()) {
            if (entry.getValue().isArray()) {
                entry.getValue().forEach(value -> values.add(value.asInt()));
            }
        }
        if (values.isEmpty()) {
            for (final String name : List.of("tcp", "tcpfin", "udp")) {
                values.add(event.path(name).asInt(0));
            }
        }
        if (values.size() != 3) {
            throw new IllegalArgumentException("set_timeouts is not understood: " + event);
        }
        return values.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Name and value in a sysctl event. */
    static String[] sysctl(JsonNode event) {
        final JsonNode name = event.has("key") ? event.get("key") : event.path("name");
        final JsonNode value = event.path("value");
        if (!name.isString() || value.isMissingNode()) {
            throw new IllegalArgumentException("sysctl is not understood: " + event);
        }
        return new String[] {name.asString(), value.asString()};
    }

    /** Why a recording cannot be replayed by an IPv4 director that is not its own real server; null if it can. */
    static @Nullable String outOfScope(String name, JsonNode recording) {
        if (name.startsWith("local-node")) {
            return "a director that is its own real server is not supported";
        }
        for (final JsonNode rule : recording.path("rules")) {
            if (rule.asString().contains("[")) {
                return "IPv6 is not forwarded yet";
            }
        }
        for (final JsonNode service : recording.path("services")) {
            if (service.path("addr").asString("").contains("::")) {
                return "IPv6 is not forwarded yet";
            }
        }
        return null;
    }
}
