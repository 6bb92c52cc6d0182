// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.lvscf.ConfigurationDiff;
import org.ulvs.control.lvscf.Finding;
import org.ulvs.control.lvscf.Finding.Severity;
import org.ulvs.control.lvscf.LvsCfFile;
import org.ulvs.control.lvscf.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands on lvs.cf files. */
@Command(
        name = "lvs-cf",
        description = "Checks, formats, explains and compares lvs.cf files.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:warnings, or files that differ", "2:errors, or wrong usage"})
final class LvsCfCommand {
    private static final String DEFAULT_PATH = "/etc/sysconfig/ha/lvs.cf";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    @Command(name = "check", description = "Lists every finding.", mixinStandardHelpOptions = true)
    int check(
            @Option(names = "--strict", description = "Also list what Piranha itself would have refused.")
                    boolean strict,
            @Option(names = "--json", description = "Print the findings as JSON.") boolean json,
            @Parameters(defaultValue = DEFAULT_PATH, description = "The file (default: ${DEFAULT-VALUE}).") Path file) {
        final LvsCfFile loaded = load(file);
        if (loaded == null) {
            return ExitCode.FAILED;
        }
        final List<Finding> findings = loaded.content().findings().stream()
                .filter(finding -> finding.severity() != Severity.NOTE || (strict && finding.refusedByPiranha()))
                .toList();
        final boolean refused = findings.stream().anyMatch(Finding::refusedByPiranha);
        final int code;
        if (!loaded.content().usable() || (strict && refused)) {
            code = ExitCode.FAILED;
        } else {
            code = findings.isEmpty() ? ExitCode.OK : ExitCode.WARNINGS;
        }
        if (json) {
            out().println(Json.text(Map.of(
                    "file",
                    file.toString(),
                    "usable",
                    loaded.content().usable(),
                    "piranhaAccepts",
                    !refusedAnywhere(loaded),
                    "findings",
                    findings)));
        } else {
            findings.forEach(finding -> out().println(finding.describe(file.toString())));
            out().println(summary(file, loaded, findings, strict));
        }
        out().flush();
        return code;
    }

    private static boolean refusedAnywhere(LvsCfFile loaded) {
        return loaded.content().findings().stream().anyMatch(Finding::refusedByPiranha);
    }

    private static String summary(Path file, LvsCfFile loaded, List<Finding> findings, boolean strict) {
        final long errors = count(findings, Severity.ERROR);
        final long warnings = count(findings, Severity.WARNING);
        final String verdict = loaded.content().usable() ? "can be used" : "cannot be used";
        final String piranha = strict ? refusedAnywhere(loaded) ? ", Piranha refuses it" : ", Piranha accepts it" : "";
        return file + ": " + verdict + piranha + " (" + errors + " errors, " + warnings + " warnings)";
    }

    private static long count(List<Finding> findings, Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    @Command(
            name = "format",
            description = "Prints a file in Piranha's order and indentation; comments and unknown keys are kept.",
            mixinStandardHelpOptions = true)
    int format(
            @Option(
                            names = {"-w", "--write"},
                            description = "Write the file instead of printing; serial_no is left alone.")
                    boolean write,
            @Parameters(defaultValue = DEFAULT_PATH, description = "The file (default: ${DEFAULT-VALUE}).") Path file)
            throws IOException {
        final LvsCfFile loaded = load(file);
        if (loaded == null) {
            return ExitCode.FAILED;
        }
        if (!loaded.content().usable()) {
            loaded.content().errors().forEach(finding -> err().println(finding.describe(file.toString())));
            err().println(file + ": not formatted: correct the errors first");
            err().flush();
            return ExitCode.FAILED;
        }
        if (loaded.content().template()) {
            err().println(file + ": not formatted: it is a template");
            err().flush();
            return ExitCode.FAILED;
        }
        final String text = loaded.content().document().formatted();
        if (write) {
            LvsCfFile.write(file, text.getBytes(loaded.charset()));
        } else {
            out().print(text);
            out().flush();
        }
        return ExitCode.OK;
    }

    @Command(
            name = "explain",
            description = "Prints the address, ipvsadm and check commands that a file amounts to.",
            mixinStandardHelpOptions = true)
    int explain(
            @Parameters(defaultValue = DEFAULT_PATH, description = "The file (default: ${DEFAULT-VALUE}).") Path file) {
        final LvsCfFile loaded = load(file);
        if (loaded == null) {
            return ExitCode.FAILED;
        }
        if (!loaded.content().usable()) {
            loaded.content().errors().forEach(finding -> err().println(finding.describe(file.toString())));
            err().flush();
            return ExitCode.FAILED;
        }
        Explanation.lines(loaded.content().configuration()).forEach(out()::println);
        out().flush();
        return ExitCode.OK;
    }

    @Command(
            name = "diff",
            description = "Says what differs in meaning between two files.",
            mixinStandardHelpOptions = true)
    int diff(
            @Option(names = "--json", description = "Print the differences as JSON.") boolean json,
            @Parameters(index = "0", description = "The file before.") Path before,
            @Parameters(index = "1", description = "The file after.") Path after) {
        final LvsCfFile first = load(before);
        final LvsCfFile second = load(after);
        if (first == null || second == null) {
            return ExitCode.FAILED;
        }
        final List<ConfigurationDiff.Change> changes = ConfigurationDiff.between(
                first.content().configuration(), second.content().configuration());
        if (json) {
            out().println(Json.text(changes));
        } else {
            changes.forEach(change -> out().println(change.describe()));
        }
        out().flush();
        return changes.isEmpty() ? ExitCode.OK : ExitCode.WARNINGS;
    }

    private @Nullable LvsCfFile load(Path file) {
        try {
            return LvsCfFile.load(file, Names.system());
        } catch (NoSuchFileException e) {
            err().println(file + ": there is no such file");
        } catch (IOException e) {
            err().println(file + ": cannot be read: "
                    + (Files.isDirectory(file) ? "it is a directory" : e.getMessage()));
        }
        err().flush();
        return null;
    }
}
