// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.AtomicBuffer;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.ConnectionLayout;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.tools.support.TestDataplane;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Replays what the original did on a kernel, invocation by invocation, and compares every byte. */
final class RecordingTest {
    private static final String BASE_OF_BAD = """
            -A -t 10.0.0.100:80 -s rr
            -a -t 10.0.0.100:80 -r 10.0.2.1:80 -m -w 1
            -A -t 10.0.0.100:443 -s rr -p 100
            -A -u 10.0.0.100:53 -s rr
            -A -f 1 -s rr
            """;
    private static final int TABLE_SIZE = 4096;

    @TempDir
    Path directory;

    private static List<JsonNode> recordings(String group) {
        final List<JsonNode> recordings = new ArrayList<>();
        for (final JsonNode recording :
                new JsonMapper().readTree(Invocation.resource("recordings.json").toFile())) {
            if (recording.get("group").asString().equals(group)) {
                recordings.add(recording);
            }
        }
        assertThat(recordings).isNotEmpty();
        return recordings;
    }

    private static String[] args(JsonNode recording) {
        final List<String> args = new ArrayList<>();
        recording.get("argv").forEach(arg -> args.add(arg.asString()));
        return args.toArray(new String[0]);
    }

    private static String text(JsonNode recording, String field) {
        final JsonNode node = recording.get(field);
        return node == null || node.isNull() ? "" : node.asString();
    }

    private static Invocation replay(TestDataplane dataplane, JsonNode recording) {
        return Invocation.of(dataplane.directory(), text(recording, "stdin"), args(recording));
    }

    private static void compare(SoftAssertions softly, JsonNode recording, Invocation run) {
        final String[] args = args(recording);
        final List<String> words = Arrays.asList(args);
        final String name = String.join(" ", args);
        if (words.contains("-c") || words.contains("-lnc")) {
            // the order is that of a table, and times go on while a recording is made
            softly.assertThat(sortedLines(withoutTimes(run.out())))
                    .as(name)
                    .isEqualTo(sortedLines(withoutTimes(text(recording, "stdout"))));
        } else if (words.contains("--rate") && !words.contains("-n")) {
            // recorded seconds after the others, and rates fall
            softly.assertThat(withoutFigures(run.out())).as(name).isEqualTo(withoutFigures(text(recording, "stdout")));
        } else if (words.contains("--nosort")) {
            // the kernel's order of services is that of a hash table with a secret
            softly.assertThat(blocks(run.out()))
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(blocks(text(recording, "stdout")));
        } else {
            softly.assertThat(run.out()).as(name).isEqualTo(text(recording, "stdout"));
        }
        softly.assertThat(run.err()).as(name).isEqualTo(text(recording, "stderr"));
        softly.assertThat(run.status()).as(name).isEqualTo(recording.get("rc").asInt());
    }

    private static List<String> sortedLines(String text) {
        return text.lines().sorted().toList();
    }

    private static String withoutTimes(String text) {
        return text.replaceAll("(?m)^(TCP|UDP|IP ) (\\d\\d):\\d\\d", "$1 $2");
    }

    private static String withoutFigures(String text) {
        return text.replaceAll("(?m)( +\\d+){5}$", "");
    }

    /** A service with its servers, as one string each. */
    private static List<String> blocks(String text) {
        return List.of(text.replaceFirst("\n$", "").split("\n(?=[A-Z])"));
    }

    @Test
    void shouldAnswerOnAnEmptyTableAsRecorded() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, TABLE_SIZE)) {
            final SoftAssertions softly = new SoftAssertions();
            for (final JsonNode recording : recordings("empty")) {
                compare(softly, recording, replay(dataplane, recording));
            }
            softly.assertAll();
        }
    }

    @Test
    void shouldRefuseAsRecorded() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, TABLE_SIZE)) {
            final SoftAssertions softly = new SoftAssertions();
            for (final JsonNode recording : recordings("bad")) {
                assertThat(Invocation.of(dataplane.directory(), "-C\n" + BASE_OF_BAD, "-R")
                                .status())
                        .isZero();
                final String before =
                        Invocation.of(dataplane.directory(), "", "-S", "-n").out();
                compare(softly, recording, replay(dataplane, recording));
                final String after = text(recording, "after");
                softly.assertThat(Invocation.of(dataplane.directory(), "", "-S", "-n")
                                .out())
                        .as("table after " + String.join(" ", args(recording)))
                        .isEqualTo(after.equals("unchanged") ? before : after);
            }
            softly.assertAll();
        }
    }

    /** The original with a stand-in for the kernel that has an empty table at each start and accepts everything. */
    @Test
    void shouldReadItsOptionsAsTheOriginal() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, TABLE_SIZE)) {
            final SoftAssertions softly = new SoftAssertions();
            for (final JsonNode comparison : new JsonMapper()
                    .readTree(Invocation.resource("comparisons.json").toFile())) {
                Invocation.of(directory, "-C\n--stop-daemon master\n--stop-daemon backup\n--set 900 120 300\n", "-R");
                final Invocation run = replay(dataplane, comparison);
                softly.assertThat(run)
                        .as(String.join(" ", args(comparison)) + " < " + text(comparison, "stdin"))
                        .isEqualTo(new Invocation(
                                comparison.get("rc").asInt(), text(comparison, "stdout"), text(comparison, "stderr")));
            }
            softly.assertAll();
        }
    }

    @Test
    void shouldListAsRecorded() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, TABLE_SIZE)) {
            final SoftAssertions softly = new SoftAssertions();
            for (final JsonNode recording : recordings("rules")) {
                compare(softly, recording, replay(dataplane, recording));
            }
            traffic(dataplane);
            for (final JsonNode recording : recordings("list")) {
                compare(softly, recording, replay(dataplane, recording));
            }
            softly.assertAll();
        }
    }

    /** What the traffic behind the recordings left in the records and the connection table. */
    private static void traffic(TestDataplane dataplane) throws IOException {
        final ServerRecords records = dataplane.records();
        try (CncClient client = CncClient.attach(dataplane.directory())) {
            for (final ServiceImage service : client.table().image().services()) {
                for (final ServerImage server : service.servers()) {
                    final String name = service.spec().key().port() + " "
                            + Addresses.text(server.spec().address());
                    switch (name) {
                        case "0 10.0.2.3" -> server(records, server.slot(), 5, 0, 1, 5, 5, 0, 200, 0);
                        case "80 10.0.2.1" -> server(records, server.slot(), 1, 0, 0, 1, 3, 0, 320, 0);
                        case "80 10.0.2.2" -> server(records, server.slot(), 3, 2, 0, 5, 16, 4, 1440, 160);
                        case "443 10.0.2.1" -> server(records, server.slot(), 2, 0, 2, 2, 2, 0, 80, 0);
                        case "443 10.0.2.2" -> server(records, server.slot(), 3, 0, 3, 3, 3, 0, 120, 0);
                        case "53 10.0.2.3" -> server(records, server.slot(), 0, 0, 0, 5, 5, 0, 290, 0);
                        default -> {
                            // no traffic
                        }
                    }
                    switch (name) {
                        case "0 10.0.2.3" -> rates(records, server.slot(), 1, 1, 0, 25, 0);
                        case "80 10.0.2.1" -> rates(records, server.slot(), 0, 0, 0, 40, 0);
                        case "80 10.0.2.2" -> rates(records, server.slot(), 1, 2, 0, 180, 20);
                        case "443 10.0.2.1" -> rates(records, server.slot(), 0, 0, 0, 10, 0);
                        case "443 10.0.2.2" -> rates(records, server.slot(), 0, 0, 0, 15, 0);
                        case "53 10.0.2.3" -> rates(records, server.slot(), 1, 1, 0, 36, 0);
                        default -> {
                            // no traffic
                        }
                    }
                }
                switch (service.spec().key().protocol() + " "
                        + service.spec().key().port()) {
                    case "6 0" -> rates(records, service.slot(), 1, 1, 0, 25, 0);
                    case "6 80" -> rates(records, service.slot(), 1, 2, 0, 220, 20);
                    case "6 443" -> rates(records, service.slot(), 1, 1, 0, 25, 0);
                    case "17 53" -> rates(records, service.slot(), 1, 1, 0, 36, 0);
                    default -> {
                        // no traffic
                    }
                }
            }
        }
        connections(dataplane.directory());
    }

    private static void server(
            ServerRecords records, int slot, long active, long inactive, int persistent, long... figures) {
        records.counts(slot, active << 40 | inactive << 16);
        records.addPersistent(slot, persistent);
        for (int i = 0; i < figures[0]; i++) {
            records.countConnection(slot, 0);
        }
        records.countIn(slot, 0, (int) figures[1], figures[3]);
        records.countOut(slot, 0, (int) figures[2], figures[4]);
    }

    private static void rates(ServerRecords records, int slot, long... rates) {
        for (int figure = 0; figure < ServerRecords.FIGURES; figure++) {
            records.average(slot, figure, rates[figure] << (figure < 3 ? 10 : 5));
        }
    }

    private static void connections(Path directory) throws IOException {
        final List<String> lines = recordings("list").stream()
                .filter(recording -> Arrays.equals(args(recording), new String[] {"-lnc"}))
                .findFirst()
                .orElseThrow()
                .get("stdout")
                .asString()
                .lines()
                .skip(2)
                .toList();
        final int capacity = 64;
        final AtomicBuffer buffer = InstanceFiles.mapOrCreate(
                InstanceFiles.connections(directory, 0),
                ConnectionLayout.HEADER_LENGTH + (long) capacity * ConnectionLayout.LINE_LENGTH);
        buffer.putInt(ConnectionLayout.CAPACITY_OFFSET, capacity);
        buffer.putInt(ConnectionLayout.COUNT_OFFSET, lines.size());
        buffer.putInt(ConnectionLayout.VERSION_OFFSET, ConnectionLayout.VERSION);
        for (int i = 0; i < lines.size(); i++) {
            connection(buffer, ConnectionLayout.HEADER_LENGTH + i * ConnectionLayout.LINE_LENGTH, lines.get(i));
        }
    }

    private static void connection(AtomicBuffer buffer, int line, String text) {
        final String[] words = text.split(" +", -1);
        final String[] time = words[1].split(":", -1);
        final int seconds = Integer.parseInt(time[0]) * 60 + Integer.parseInt(time[1]);
        final int state = switch (words[2]) {
            case "ESTABLISHED" -> 1;
            case "SYN_RECV" -> 3;
            case "CLOSE_WAIT" -> 7;
            default -> 0;
        };
        buffer.putInt(line + ConnectionLayout.EXPIRES_OFFSET, seconds * ConnectionLayout.TICKS_PER_SECOND);
        buffer.putByte(line + ConnectionLayout.PROTOCOL_OFFSET, (byte) 6);
        buffer.putByte(line + ConnectionLayout.STATE_OFFSET, (byte) state);
        endpoint(buffer, line, ConnectionLayout.CLIENT_ADDRESS_OFFSET, ConnectionLayout.CLIENT_PORT_OFFSET, words[3]);
        endpoint(buffer, line, ConnectionLayout.VIRTUAL_ADDRESS_OFFSET, ConnectionLayout.VIRTUAL_PORT_OFFSET, words[4]);
        endpoint(buffer, line, ConnectionLayout.SERVER_ADDRESS_OFFSET, ConnectionLayout.SERVER_PORT_OFFSET, words[5]);
        buffer.putInt(
                line + ConnectionLayout.FLAGS_OFFSET,
                ConnectionLayout.USED | (words[2].equals("NONE") ? ConnectionLayout.TEMPLATE : 0));
    }

    private static void endpoint(AtomicBuffer buffer, int line, int addressOffset, int portOffset, String text) {
        final int colon = text.indexOf(':');
        final InetAddr address = Addresses.inetAton(text.substring(0, colon));
        assertThat(address).isNotNull();
        buffer.putInt(line + addressOffset, address.asV4());
        buffer.putShort(line + portOffset, (short) Integer.parseInt(text.substring(colon + 1)));
    }
}
