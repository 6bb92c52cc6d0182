// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.daemon.DaemonLog;

class ChronicleChangeJournalTest {
    private static final long DAY_MS = 24L * 3600 * 1000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final AtomicLong clock = new AtomicLong(1_700_000_000_000L);

    private List<String> entries() {
        final List<String> texts = new ArrayList<>();
        try (JournalReader reader = new JournalReader(directory)) {
            for (Optional<JournalEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                texts.add(entry.get().time().toEpochMilli() + " " + entry.get().kind() + " "
                        + entry.get().subject() + ": " + entry.get().text());
            }
        }
        return texts;
    }

    @Test
    void shouldKeepWhatWasTakenDownInOrder() {
        try (ChangeJournal journal = ChronicleChangeJournal.open(directory, clock::get, 0)) {
            journal.append(JournalEntry.Kind.CHECK, "web/one", "down: refused");
            clock.incrementAndGet();
            journal.append(JournalEntry.Kind.TAKEOVER, "pulse", "partner dead");
        }
        try (ChangeJournal journal = ChronicleChangeJournal.open(directory, clock::get, 0)) {
            journal.append(JournalEntry.Kind.DAEMON, "pulse", "Grüße ".repeat(500));
        }

        assertThat(entries())
                .hasSize(3)
                .startsWith("1700000000000 CHECK web/one: down: refused", "1700000000001 TAKEOVER pulse: partner dead");
        assertThat(entries().get(2)).hasSizeLessThan(1_100);
    }

    @Test
    void shouldFollowAWriter() {
        try (JournalReader reader = new JournalReader(directory)) {
            assertThat(reader.next()).isEmpty();
            for (int i = 0; i < 3; i++) {
                try (ChangeJournal journal = ChronicleChangeJournal.open(directory, clock::get, 0)) {
                    journal.append(JournalEntry.Kind.CHECK, "s", "number " + i);
                }
                assertThat(reader.next().orElseThrow().text()).isEqualTo("number " + i);
            }
            assertThat(reader.next()).isEmpty();
        }
    }

    @Test
    void shouldCountWhatDoesNotFitOnTheDiskAndGoOnWhenThereIsRoom() {
        final ChangeJournal full = ChronicleChangeJournal.open(directory, clock::get, Long.MAX_VALUE);
        try (full) {
            full.append(JournalEntry.Kind.CHECK, "s", "one");
            full.append(JournalEntry.Kind.CHECK, "s", "two");
        }
        assertThat(full.lost()).isEqualTo(2);
        try (ChangeJournal journal = ChronicleChangeJournal.open(directory, clock::get, 0)) {
            journal.append(JournalEntry.Kind.CHECK, "s", "three");
        }
        assertThat(entries()).singleElement().asString().endsWith("three");
    }

    @Test
    void shouldNeitherThrowNorWaitWithoutAUsableFolder() throws IOException {
        final Path file = directory.resolve("file");
        Files.writeString(file, "not a folder");
        final ChangeJournal journal = ChronicleChangeJournal.open(file.resolve("journal"), clock::get, 0);
        try (journal) {
            journal.append(JournalEntry.Kind.CHECK, "s", "text");
        }
        assertThat(journal.lost()).isEqualTo(1);
    }

    @Test
    void shouldKeepABoundedNumberOfDays() throws IOException {
        for (int day = 0; day < ChronicleChangeJournal.MAX_FILES + 3; day++) {
            try (ChangeJournal journal = ChronicleChangeJournal.open(directory, clock::get, 0)) {
                journal.append(JournalEntry.Kind.CHECK, "s", "day " + day);
            }
            clock.addAndGet(DAY_MS);
        }

        try (var files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".cq4")))
                    .hasSize(ChronicleChangeJournal.MAX_FILES);
        }
        assertThat(entries()).hasSize(ChronicleChangeJournal.MAX_FILES);
        assertThat(entries().get(0)).endsWith("day 3");
    }

    @Test
    void shouldSurviveTheKillingOfItsWriter() throws Exception {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-Dchronicle"))
                .forEach(command::add);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Endless.class.getName(), directory.toString()));
        final Process process =
                new ProcessBuilder(command).redirectError(new File("/dev/null")).start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("written");
        } finally {
            process.destroyForcibly().waitFor();
        }

        final int before = entries().size();
        assertThat(before).isGreaterThanOrEqualTo(100);
        try (ChangeJournal journal = ChronicleChangeJournal.open(directory, System::currentTimeMillis, 0)) {
            journal.append(JournalEntry.Kind.DAEMON, "pulse", "started again");
        }
        assertThat(entries()).hasSize(before + 1);
    }

    @Test
    void shouldNotHaveTheClassesThatReportToTheVendor() {
        assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(System.getProperty("java.class.path")).doesNotContain("chronicle-analytics", "jna");
    }

    /** Writes until it is killed; says so when the first hundred entries can be read. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] arguments) {
            DaemonLog.quiet();
            final Path folder = Path.of(arguments[0]);
            final ChangeJournal journal = ChronicleChangeJournal.open(folder, System::currentTimeMillis, 0);
            try (JournalReader reader = new JournalReader(folder)) {
                for (int read = 1; ; read++) {
                    journal.append(JournalEntry.Kind.CHECK, "s", "text");
                    while (reader.next().isEmpty()) {
                        Thread.onSpinWait();
                    }
                    if (read == 100) {
                        System.out.println("written");
                    }
                }
            }
        }
    }
}
