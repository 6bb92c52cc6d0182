// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;
import org.ulvs.control.check.CheckEngine;
import org.ulvs.control.check.CheckListener;
import org.ulvs.control.check.CheckOutcome;
import org.ulvs.control.check.CheckPlan;
import org.ulvs.control.check.CheckSpec;
import org.ulvs.control.check.Escapes;
import org.ulvs.control.check.Probe;
import org.ulvs.control.check.ProgramRunner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One check, told step by step. */
@Command(
        name = "nanny",
        description = {
            "Runs one check of one real server with Piranha's options and tells each step with its time.",
            "Nothing is changed: the running checks are part of pulse."
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the server is up", "1:it is not", "2:wrong usage"})
final class NannyCommand implements Callable<Integer>, CheckListener {
    private static final int DEFAULT_PORT = 80;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = {"-h", "--server"},
            required = true,
            paramLabel = "ADDRESS",
            description = "the real server")
    @SuppressWarnings("NullAway.Init") // required
    private String server;

    @Option(
            names = {"-p", "--port"},
            description = "port of the virtual server (default: 80)")
    private int port = DEFAULT_PORT;

    @Option(
            names = {"-r", "--rport"},
            description = "port of the real server (default: the virtual server's)")
    private @Nullable Integer realPort;

    @Option(
            names = {"-s", "--send_string"},
            paramLabel = "TEXT",
            description = "what to send")
    private @Nullable String send;

    @Option(
            names = {"-x", "--expect_string"},
            paramLabel = "TEXT",
            description = "what the answer must begin with; * for anything")
    private @Nullable String expect;

    @Option(names = "--regex", description = "the expected text is a regular expression")
    private boolean regex;

    @Option(
            names = {"-e", "--send_program"},
            paramLabel = "COMMAND",
            description = "program that checks; %%h address, %%p port")
    private @Nullable String program;

    @Option(
            names = {"-T", "--suppress"},
            description = "leave backslash sequences as they are")
    private boolean suppress;

    @Option(
            names = {"-u", "--udp"},
            description = "UDP instead of TCP")
    private boolean udp;

    @Option(
            names = {"-t", "--interval"},
            paramLabel = "SECONDS",
            description = "limit for the connect and for the answer (default: 10)")
    private double interval = 10;

    @Option(
            names = {
                "-n",
                "--nodaemon",
                "-c",
                "--nofork",
                "-q",
                "--quiesce_server",
                "-v",
                "--verbose",
                "--lvs",
                "--fos",
                "--test-start",
                "--norun"
            },
            hidden = true)
    @SuppressWarnings("unused") // picocli sets it
    private boolean withoutEffect;

    @Option(
            names = {
                "-I",
                "--ipvsadm",
                "-U",
                "--loadcmd",
                "-M",
                "--method",
                "-a",
                "--reentrytime",
                "-S",
                "--scale",
                "-V",
                "--virtaddress",
                "-f",
                "--fwmark",
                "-w",
                "--weight"
            },
            hidden = true)
    @SuppressWarnings("unused") // picocli sets it
    private @Nullable String withoutEffectEither;

    @Option(names = "--help", usageHelp = true, description = "print this")
    @SuppressWarnings("unused") // picocli sets it
    private boolean help;

    private final CompletableFuture<CheckOutcome> result = new CompletableFuture<>();

    @Override
    public Integer call() throws IOException {
        final InetAddress address;
        try {
            address = InetAddress.getByName(server);
        } catch (UnknownHostException e) {
            throw new ParameterException(spec.commandLine(), "no such host: " + server, e);
        }
        final int target = realPort == null ? port : realPort;
        final Duration limit = Duration.ofNanos((long) (interval * 1e9));
        final CheckSpec check = new CheckSpec(
                "nanny",
                new InetSocketAddress(address, target),
                probe(address, target),
                limit,
                limit,
                limit,
                Duration.ZERO,
                1,
                1);
        out().println(check.describe());
        final CheckOutcome outcome = run(check);
        out().println(time(outcome.nanos()) + (outcome.up() ? "up: " : "down: ") + outcome.reason());
        out().flush();
        return outcome.up() ? ExitCode.OK : ExitCode.WARNINGS;
    }

    private Probe probe(InetAddress address, int target) {
        if (program != null) {
            final Optional<String> wanted = Optional.ofNullable(expect)
                    .map(text -> suppress ? text : new String(Escapes.translate(text), StandardCharsets.UTF_8));
            return new Probe.Program(CheckPlan.words(program, address, target), wanted, true);
        }
        if (send == null && expect == null && port == DEFAULT_PORT && !udp) {
            out().println("no monitor configured, assuming web service on port 80");
            return CheckPlan.sendExpect(false, "GET / HTTP/1.0\\r\\n\\r\\n", "HTTP", false, false);
        }
        return CheckPlan.sendExpect(udp, text(send), text(expect), regex, false);
    }

    private String text(@Nullable String given) {
        final String text = given == null ? "" : given;
        return suppress ? text.replace("\\", "\\\\") : text;
    }

    private CheckOutcome run(CheckSpec check) throws IOException {
        try (ProgramRunner programs = new ProgramRunner();
                CheckEngine engine = new CheckEngine(SystemNanoClock.INSTANCE, this, programs)) {
            engine.update(Map.of("nanny", check));
            final long endNs = System.nanoTime() + check.connectTimeout().toNanos() * 3 + TimeUnit.SECONDS.toNanos(5);
            while (!result.isDone() && System.nanoTime() < endNs) {
                engine.poll(10);
            }
        }
        return result.getNow(new CheckOutcome(false, "the check did not end", 0));
    }

    @Override
    public void onOutcome(String id, CheckSpec check, CheckOutcome outcome) {
        result.complete(outcome);
    }

    @Override
    public void onStep(String id, String step, long nanos) {
        out().println(time(nanos) + step);
    }

    private static String time(long nanos) {
        return String.format("%9.3f ms  ", nanos / 1e6);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
