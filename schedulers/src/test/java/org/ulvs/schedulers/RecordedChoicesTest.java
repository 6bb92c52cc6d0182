// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replays what a kernel chose, see choices/README. */
class RecordedChoicesTest {
    private static final Path CHOICES = Path.of("src/test/resources/choices");

    static List<String> recordings() throws IOException {
        try (Stream<Path> files = Files.list(CHOICES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void shouldChooseAsTheKernelDid(final String recording) throws IOException {
        final List<String> lines = Files.readAllLines(CHOICES.resolve(recording));
        final Replay replay = new Replay(lines.get(0).split(" "));
        for (int i = 1; i < lines.size(); i++) {
            final String line = lines.get(i);
            final String expected = line.substring(line.lastIndexOf(' ') + 1);
            final String[] words = line.split(" ");
            switch (words[0]) {
                case "add" -> replay.add(words);
                case "edit" -> replay.edit(words);
                case "delete" -> replay.delete(Integer.parseInt(words[1]));
                case "check" -> assertThat(replay.check()).as("line %d", i + 1).isEqualTo(line);
                default ->
                    assertThat(replay.schedule(words))
                            .as("line %d: %s", i + 1, line)
                            .isEqualTo(expected);
            }
        }
    }

    private static final class Replay {
        private final Map<Integer, FakeServer> known = new HashMap<>();
        private FakePool pool = new FakePool(List.of());
        private Scheduler scheduler;

        Replay(final String[] service) {
            int flags = 0;
            if (service[2].contains("fallback")) {
                flags |= SchedulerProvider.FLAG_1;
            }
            if (service[2].contains("port")) {
                flags |= SchedulerProvider.FLAG_2;
            }
            scheduler = Choices.scheduler(service[1], pool, flags);
        }

        void add(final String[] words) {
            final int real = Integer.parseInt(words[1]);
            final FakeServer server = known.computeIfAbsent(
                    real, id -> new FakeServer(id, address(words[2]), Integer.parseInt(words[3]), 0));
            final int weight = Integer.parseInt(words[4]);
            server.edit(weight, Integer.parseInt(words[5]), Integer.parseInt(words[6]));
            server.lastWeight = weight;
            pool = pool.with(server);
            scheduler = scheduler.poolChanged(pool, -1);
        }

        void edit(final String[] words) {
            final int position = position(Integer.parseInt(words[1]));
            pool.server(position)
                    .edit(Integer.parseInt(words[2]), Integer.parseInt(words[3]), Integer.parseInt(words[4]));
            scheduler.weightChanged(position);
        }

        void delete(final int real) {
            pool = pool.without(position(real));
            scheduler = scheduler.poolChanged(pool, real);
        }

        String schedule(final String[] words) {
            final ConnectionRequest request = new ConnectionRequest();
            request.active = words[0].equals("syn");
            request.sourceAddress = address(words[1]);
            request.sourcePort = Integer.parseInt(words[2]);
            request.destinationAddress = address(words[3]);
            request.destinationPort = Integer.parseInt(words[4]);
            final int position = scheduler.schedule(request);
            return position == Scheduler.NONE ? "none" : Integer.toString(pool.id(position));
        }

        String check() {
            final StringJoiner text = new StringJoiner(" ", "check ", "");
            for (int i = 0; i < pool.size(); i++) {
                final long counts = pool.counts(i);
                text.add(pool.id(i) + ":" + pool.weight(i) + ":" + Counts.active(counts) + ":"
                        + Counts.inactive(counts));
            }
            return text.toString();
        }

        private int position(final int real) {
            for (int i = 0; i < pool.size(); i++) {
                if (pool.id(i) == real) {
                    return i;
                }
            }
            throw new IllegalArgumentException("no server " + real);
        }

        private static int address(final String text) {
            int address = 0;
            for (final String octet : text.split("\\.", 4)) {
                address = address << 8 | Integer.parseInt(octet);
            }
            return address;
        }
    }
}
