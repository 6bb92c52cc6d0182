// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.concurrent.SystemEpochClock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.daemon.Background;
import org.ulvs.control.daemon.DaemonLog;
import org.ulvs.control.daemon.Hangup;
import org.ulvs.control.daemon.PidFile;
import org.ulvs.control.fos.Fos;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.journal.ChronicleChangeJournal;
import org.ulvs.control.lvs.Lvs;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.LvsCfFile;
import org.ulvs.control.lvscf.Names;
import org.ulvs.control.pulse.ControlSocket;
import org.ulvs.control.pulse.PeerSecret;
import org.ulvs.control.pulse.Pulse;
import org.ulvs.control.pulse.PulseEnvironment;
import org.ulvs.control.pulse.PulseOptions;
import org.ulvs.control.table.CncDirector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The daemon, and what can be asked of it. */
@Command(
        name = "pulse",
        description = {
            "The controlling process of a director: heartbeats, takeover, services and checks.",
            "Without ACTION it starts, in the background unless -n is given."
        },
        version = "ulvs pulse 0.1.0",
        mixinStandardHelpOptions = false,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done; status: running", "1:not done", "2:wrong usage", "3:status: not running", "6:no lvs.cf"
        })
final class PulseCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger("pulse");
    private static final String DEFAULT_SOCKET_GROUP = "piranha";
    private static final int NOT_RUNNING = 3;
    private static final int NOT_CONFIGURED = 6;
    private static final long START_TIMEOUT_MS = 20_000;
    private static final long STOP_TIMEOUT_S = 60;

    /** What can be asked. */
    enum Action {
        START,
        STOP,
        RESTART,
        STATUS,
        RELOAD,
        STANDBY,
        TAKEOVER,
        PUSH,
        SECRET
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = {"-c", "--configfile"},
            paramLabel = "FILE",
            description = "lvs.cf (default: ${DEFAULT-VALUE})")
    private Path configurationFile = LvsCfFile.DEFAULT_PATH;

    @Mixin
    private final InstanceOption instance = new InstanceOption();

    @Option(
            names = {"-n", "--nodaemon"},
            description = "stay in the foreground, log to standard output")
    private boolean foreground;

    @Option(
            names = {"-v", "--verbose"},
            description = "log more")
    private boolean verbose;

    @Option(
            names = "--socket-group",
            paramLabel = "GROUP",
            description = "this group, as well as root, may ask what pulse can be asked (default: ${DEFAULT-VALUE},"
                    + " if there is such a group)")
    private String socketGroup = DEFAULT_SOCKET_GROUP;

    @Option(names = "--forceactive", description = "serve at once")
    private boolean forceActive;

    @Option(
            names = {"-t", "--test-start", "--norun"},
            description = "watch the partner, but never serve")
    private boolean norun;

    @Option(
            names = {"--lvs", "--lvsd", "--fos"},
            paramLabel = "PATH",
            hidden = true,
            description = "accepted and without effect: lvs and fos are part of pulse")
    private @Nullable Path ignored;

    @Option(names = "--version", versionHelp = true, description = "print the version")
    @SuppressWarnings("unused") // picocli sets it
    private boolean version;

    @Option(
            names = {"--help", "--usage"},
            usageHelp = true,
            description = "print this")
    @SuppressWarnings("unused") // picocli sets it
    private boolean help;

    @Parameters(
            arity = "0..1",
            paramLabel = "ACTION",
            description = {
                "start, stop, restart, status, reload (also on SIGHUP),",
                "standby (hand over and stay on standby), takeover, push (send lvs.cf to the partner),",
                "secret (make the file that peer_secret names)"
            })
    private Action action = Action.START;

    private PulseOptions options() {
        return new PulseOptions(configurationFile, instance.directory(), forceActive, norun);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        final PulseOptions options = options();
        return switch (action) {
            case START -> start(options);
            case RESTART -> {
                stop(options);
                yield start(options);
            }
            case STOP -> stop(options);
            case STATUS -> status(options);
            case SECRET -> secret();
            case RELOAD -> ask(options, "reload");
            case STANDBY -> ask(options, "standby");
            case TAKEOVER -> ask(options, "takeover");
            case PUSH -> ask(options, "push");
        };
    }

    private int fail(int code, String text) {
        final PrintWriter err = spec.commandLine().getErr();
        err.println("pulse: " + text);
        err.flush();
        return code;
    }

    private void say(String text) {
        final PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
    }

    private int status(PulseOptions options) {
        final Optional<Long> pid = PidFile.running(options.pidFile());
        say(pid.map(number -> "pulse (pid " + number + ") is running...").orElse("pulse is stopped"));
        return pid.isPresent() ? ExitCode.OK : NOT_RUNNING;
    }

    private int ask(PulseOptions options, String request) {
        try {
            final String answer = ControlSocket.ask(options.socketFile(), request);
            say(answer);
            return answer.startsWith("refused") || answer.startsWith("failed") ? 1 : ExitCode.OK;
        } catch (IOException e) {
            return fail(1, "not running in " + instance.directory() + " (" + e.getMessage() + ")");
        }
    }

    private int stop(PulseOptions options) throws InterruptedException {
        final Optional<Long> pid = PidFile.running(options.pidFile());
        final Optional<ProcessHandle> process = pid.flatMap(ProcessHandle::of);
        if (process.isEmpty()) {
            say("pulse is stopped");
            return ExitCode.OK;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(STOP_TIMEOUT_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return fail(1, "pid " + pid.get() + " does not end");
        }
        say("pulse stopped");
        return ExitCode.OK;
    }

    private int secret() {
        try {
            final LvsCfFile file = LvsCfFile.load(configurationFile, Names.system());
            final Path secret = Path.of(file.content().configuration().global().value(GlobalKeys.PEER_SECRET));
            PeerSecret.create(secret);
            say("made " + secret + "; copy it to the other director, mode 0600");
            return ExitCode.OK;
        } catch (java.nio.file.FileAlreadyExistsException e) {
            return fail(1, e.getMessage() + " exists already; remove it first if you want a new one");
        } catch (IOException e) {
            return fail(1, String.valueOf(e));
        }
    }

    private int start(PulseOptions options) throws IOException, InterruptedException {
        if (!Files.exists(configurationFile)) {
            return fail(NOT_CONFIGURED, "there is no " + configurationFile);
        }
        Files.createDirectories(options.stateDirectory());
        if (!foreground && !Background.inBackground()) {
            final Optional<Long> pid = PidFile.running(options.pidFile());
            if (pid.isPresent()) {
                return fail(1, "already running (pid " + pid.get() + ")");
            }
            return Background.start(
                    options.socketFile(), options.stateDirectory().resolve("out"), START_TIMEOUT_MS);
        }
        return runDaemon(options);
    }

    private int runDaemon(PulseOptions options) {
        final CountDownLatch ended = new CountDownLatch(1);
        try {
            runUntilStopped(options, ended);
            return ExitCode.OK;
        } catch (IOException e) {
            return fail(1, String.valueOf(e.getMessage()));
        } finally {
            // only now are the files gone and the journal closed
            ended.countDown();
        }
    }

    private void runUntilStopped(PulseOptions options, CountDownLatch ended) throws IOException {
        try (PidFile pidFile = PidFile.take(options.pidFile());
                ProgramRunner programs = new ProgramRunner();
                ChangeJournal journal =
                        ChronicleChangeJournal.open(options.journalDirectory(), SystemEpochClock.INSTANCE);
                Pulse pulse = pulse(options, journal, programs);
                ControlSocket socket = ControlSocket.open(options.socketFile(), socketGroup(), pulse::request)) {
            if (foreground) {
                DaemonLog.toStandardOutput(verbose);
            } else {
                DaemonLog.toSyslog("pulse", verbose);
            }
            LOG.debug("state in {} and {}", pidFile, socket);
            Hangup.handle(pulse::reloadSoon);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endInOrder(pulse, ended), "end"));
            pulse.run();
        }
    }

    private Optional<GroupPrincipal> socketGroup() throws IOException {
        final Optional<GroupPrincipal> group = ControlSocket.group(socketGroup);
        if (group.isEmpty() && !socketGroup.equals(DEFAULT_SOCKET_GROUP)) {
            throw new IOException("there is no group " + socketGroup);
        }
        return group;
    }

    private static void endInOrder(Pulse pulse, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        LOG.info("Terminating due to signal");
        pulse.stop();
        try {
            if (!ended.await(STOP_TIMEOUT_S, TimeUnit.SECONDS)) {
                LOG.error("did not end in order");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Pulse pulse(PulseOptions options, ChangeJournal journal, ProgramRunner programs) throws IOException {
        final PulseEnvironment environment = PulseEnvironment.system();
        return new Pulse(
                options,
                environment,
                Names.system(),
                journal,
                (configuration, events) -> configuration.failoverMode()
                        ? new Fos(events, journal, programs, environment.clock())
                        : new Lvs(
                                new CncDirector(options.directory()),
                                events,
                                journal,
                                programs,
                                environment.clock(),
                                environment.epochClock(),
                                options.ownedFile()));
    }
}
