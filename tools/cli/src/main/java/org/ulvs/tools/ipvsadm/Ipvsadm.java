// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InstanceFiles;

/** The program. */
public final class Ipvsadm {
    /** Environment variable with the name under which the launcher was called; the messages show it. */
    static final String PROGRAM_VARIABLE = "ULVS_PROGRAM";
    /** Environment variable that does what --hints does. */
    static final String HINTS_VARIABLE = "ULVS_HINTS";

    private static final int EXIT_NO_DATAPLANE = 2;

    private final String program;
    private final NameService names;
    private final EpochClock epochClock;
    private final NanoClock nanoClock;
    private final long timeoutMs;
    private final StringBuilder out = new StringBuilder();
    private Path directory;
    private boolean hints;

    Ipvsadm(
            String program,
            Path directory,
            boolean hints,
            NameService names,
            EpochClock epochClock,
            NanoClock nanoClock,
            long timeoutMs) {
        this.program = program;
        this.directory = directory;
        this.hints = hints;
        this.names = names;
        this.epochClock = epochClock;
        this.nanoClock = nanoClock;
        this.timeoutMs = timeoutMs;
    }

    /** Runs and ends the process with the status. */
    public static void main(String[] args) {
        final String program = System.getenv(PROGRAM_VARIABLE);
        final String directory = System.getenv(InstanceFiles.DIRECTORY_VARIABLE);
        final String hints = System.getenv(HINTS_VARIABLE);
        final Ipvsadm ipvsadm = new Ipvsadm(
                program == null ? "ipvsadm" : program,
                Path.of(directory == null || directory.isEmpty() ? InstanceFiles.DEFAULT_DIRECTORY : directory),
                hints != null && !hints.isEmpty() && !hints.equals("0"),
                new SystemNames(),
                SystemEpochClock.INSTANCE,
                SystemNanoClock.INSTANCE,
                CncClient.DEFAULT_TIMEOUT_MS);
        final PrintStream stdout =
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        final int status = ipvsadm.run(args, System.in, stdout, System.err);
        stdout.flush();
        Runtime.getRuntime().halt(status);
    }

    /** Runs one invocation and returns the exit status. */
    int run(String[] args, InputStream in, PrintStream stdout, PrintStream stderr) {
        int status;
        try {
            status = dispatch(ownOptions(args), in, stderr);
        } catch (final Failure failure) {
            stderr.println(failure.text());
            status = failure.status();
        } catch (final WordReader.BadOption bad) {
            stderr.println(bad.getMessage());
            status = Failure.REFUSED;
        } catch (final Usage.Wanted wanted) {
            out.append(Usage.text(wanted.command(), program, hints));
            status = 0;
        } catch (final DataplaneException unreachable) {
            stderr.println("Can't initialize ipvs: " + unreachable.getMessage());
            status = EXIT_NO_DATAPLANE;
        } catch (final IOException failure) {
            stderr.println(program + ": " + failure.getMessage());
            status = Failure.LIST;
        }
        stdout.print(out);
        stdout.flush();
        stderr.flush();
        return status;
    }

    /** Takes --dir and --hints out, wherever they stand. */
    private String[] ownOptions(String[] args) {
        final List<String> others = new ArrayList<>(args.length);
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--hints")) {
                hints = true;
            } else if (args[i].startsWith("--dir=")) {
                directory = Path.of(args[i].substring("--dir=".length()));
            } else if (args[i].equals("--dir")) {
                if (++i == args.length) {
                    throw new WordReader.BadOption("--dir", "missing argument");
                }
                directory = Path.of(args[i]);
            } else {
                others.add(args[i]);
            }
        }
        return others.toArray(new String[0]);
    }

    private int dispatch(String[] args, InputStream in, PrintStream stderr) throws IOException {
        final RequestParser parser = new RequestParser(names, program);
        final Request request = args.length == 0 ? new Request() : parser.parse(args);
        try (Session session = new Session(directory, epochClock, timeoutMs)) {
            final Executor executor = new Executor(session, out, names, nanoClock);
            switch (request.command) {
                case HELP, VERSION -> throw new Usage.Wanted(request.command);
                case LIST -> executor.list(request);
                case SAVE -> executor.save(request);
                case RESTORE -> {
                    return restore(request, session, parser, executor, in, stderr);
                }
                default -> {
                    return report(
                            request.command,
                            executor.change(request, session.client().table()),
                            stderr);
                }
            }
        }
        return 0;
    }

    private int restore(
            Request request,
            Session session,
            RequestParser parser,
            Executor executor,
            InputStream in,
            PrintStream stderr)
            throws IOException {
        final BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        if (request.has(Kind.ATOMIC)) {
            return report(
                    Command.RESTORE,
                    new AtomicRestore(parser).run(lines, session.client().table()),
                    stderr);
        }
        return new Restore(session, parser, executor, (command, result) -> report(command, result, stderr))
                .run(lines, stderr);
    }

    private int report(Command command, CommandResult result, PrintStream stderr) {
        if (result.errno() == Errno.OK) {
            if (hints && command == Command.START_DAEMON) {
                stderr.println("hint: the daemon is recorded and listed, but this dataplane does not synchronise"
                        + " connections yet");
            }
            return 0;
        }
        stderr.println(ErrorText.of(command, result.errno()));
        if (result.detail() != null) {
            stderr.println(result.detail());
        }
        final String hint = hints ? ErrorText.hint(command, result.errno()) : "";
        if (!hint.isEmpty()) {
            stderr.println("hint: " + hint);
        }
        return Failure.REFUSED;
    }
}
