// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.journal.JournalEntry;
import org.ulvs.control.journal.JournalReader;
import org.ulvs.control.pulse.PulseOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Prints the journal. */
@Command(
        name = "journal",
        description = "Prints what pulse has taken down: configuration, checks, weights, peer, takeovers, commands.",
        mixinStandardHelpOptions = true)
final class JournalCommand implements Callable<Integer> {
    private static final long FOLLOW_MS = 200;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final InstanceOption instance = new InstanceOption();

    @Option(
            names = "--since",
            paramLabel = "T",
            description = "a time (2026-05-01T10:00:00, 2026-05-01, 10:00) or how long ago (90s, 10m, 2h, 1d)")
    private @Nullable String since;

    @Option(
            names = {"-f", "--follow"},
            description = "go on with what is taken down from now on")
    private boolean follow;

    @Option(names = "--json", description = "one JSON object a line")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        final Instant from;
        try {
            from = since == null ? Instant.EPOCH : parse(since, Clock.system(ZoneId.systemDefault()));
        } catch (DateTimeException e) {
            throw new ParameterException(spec.commandLine(), "--since: not a time: " + since, e);
        }
        final PrintWriter out = spec.commandLine().getOut();
        final Path folder = instance.files().journalDirectory();
        if (!follow && !Files.isDirectory(folder)) {
            final PrintWriter err = spec.commandLine().getErr();
            err.println("journal: there is none in " + folder + "; --dir or $" + PulseOptions.JOURNAL_VARIABLE
                    + " names another");
            err.flush();
            return ExitCode.WARNINGS;
        }
        try (JournalReader reader = new JournalReader(folder)) {
            while (true) {
                for (Optional<JournalEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                    if (!entry.get().time().isBefore(from)) {
                        out.println(line(entry.get()));
                    }
                }
                out.flush();
                if (!follow) {
                    return ExitCode.OK;
                }
                // nothing tells of a write to a mapped file: one has to look
                TimeUnit.MILLISECONDS.sleep(FOLLOW_MS);
            }
        }
    }

    private String line(JournalEntry entry) {
        if (json) {
            return JsonMapper.builder().build().writeValueAsString(entry);
        }
        return TIME.format(entry.time().atZone(ZoneId.systemDefault())) + ' '
                + String.format("%-13s", entry.kind().name().toLowerCase(Locale.ROOT)) + ' ' + entry.subject() + ": "
                + entry.text();
    }

    /** A point in time, or how long before now. */
    static Instant parse(String text, Clock clock) {
        if (text.matches("\\d{1,9}[smhd]")) {
            final long count = Long.parseLong(text.substring(0, text.length() - 1));
            final Duration ago = switch (text.charAt(text.length() - 1)) {
                case 's' -> Duration.ofSeconds(count);
                case 'm' -> Duration.ofMinutes(count);
                case 'h' -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            return clock.instant().minus(ago);
        }
        final ZonedDateTime now = ZonedDateTime.now(clock);
        if (text.endsWith("Z")) {
            return Instant.parse(text);
        }
        if (text.matches("\\d\\d:\\d\\d(:\\d\\d)?")) {
            return now.with(LocalTime.parse(text)).toInstant();
        }
        if (text.length() == 10) {
            return LocalDate.parse(text).atStartOfDay(now.getZone()).toInstant();
        }
        return LocalDateTime.parse(text.replace(' ', 'T')).atZone(now.getZone()).toInstant();
    }
}
