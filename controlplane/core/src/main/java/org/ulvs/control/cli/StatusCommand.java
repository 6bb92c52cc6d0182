// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.control.daemon.PidFile;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.pulse.PulseOptions;
import org.ulvs.control.pulse.PulseStatus;
import org.ulvs.control.pulse.PulseStatusWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the state of this director. */
@Command(
        name = "status",
        description = "Prints the state of this director: role, partner, services, servers, counters.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:something is to be looked at", "3:pulse is not running"})
final class StatusCommand implements Callable<Integer> {
    private static final int NOT_RUNNING = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "the dataplane's directory (default: $ULVS_DIR or /run/ulvs)")
    private Path directory = Path.of(Optional.ofNullable(System.getenv(InstanceFiles.DIRECTORY_VARIABLE))
            .orElse(InstanceFiles.DEFAULT_DIRECTORY));

    @Option(names = "--json", description = "print everything as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final PulseOptions options = new PulseOptions(Path.of("lvs.cf"), directory, false, false);
        final PrintWriter out = spec.commandLine().getOut();
        if (PidFile.running(options.pidFile()).isEmpty()) {
            out.println(json ? "{\"running\":false}" : "pulse is stopped");
            out.flush();
            return NOT_RUNNING;
        }
        final PulseStatus status = PulseStatusWriter.read(options.statusFile());
        if (json) {
            out.println(Json.text(status));
        } else {
            print(out, status);
        }
        out.flush();
        return wellness(status);
    }

    private static int wellness(PulseStatus status) {
        final boolean peerWell = !status.peer().configured()
                || (status.peer().alive() && !"different".equals(status.peer().configuration()));
        final boolean serversWell = status.lvs().services().stream()
                .allMatch(service -> service.servers().stream().noneMatch(server -> "down".equals(server.state())));
        return peerWell && serversWell && status.lvs().dataplaneAlive() ? ExitCode.OK : ExitCode.WARNINGS;
    }

    private static void print(PrintWriter out, PulseStatus status) {
        out.println("pulse      pid " + status.pid() + ", " + status.role() + ", " + status.service() + ", "
                + status.state());
        out.println("dataplane  "
                + (status.lvs().dataplaneAlive()
                        ? "alive"
                        : "DEAD: " + status.lvs().dataplaneProblem()));
        out.println("lvs.cf     " + status.configurationFile() + ", serial " + status.serial()
                + (status.changedOnDisk() ? ", CHANGED ON DISK: reload to use it" : ""));
        final PulseStatus.Peer peer = status.peer();
        if (!peer.configured()) {
            out.println("partner    none");
        } else if (!peer.alive()) {
            out.println("partner    " + peer.address()
                    + (peer.dataplaneAlive() ? " pulse SILENT, dataplane serves" : " SILENT"));
        } else {
            out.println("partner    " + peer.address() + " alive, " + (peer.running() ? "active" : "standby")
                    + ", dataplane " + (peer.dataplaneAlive() ? "alive" : "DEAD") + ", configuration "
                    + ("different".equals(peer.configuration()) ? "DIFFERENT" : peer.configuration()) + " (serial "
                    + peer.serial() + ")");
        }
        for (final LvsStatus.Service service : status.lvs().services()) {
            out.println();
            out.println("virtual " + service.name() + "  " + service.key() + ' ' + service.scheduler());
            for (final LvsStatus.Server server : service.servers()) {
                out.printf(
                        "  %-24s %-21s %-8s weight %d of %d  %s%n",
                        server.name(),
                        server.address(),
                        server.state(),
                        server.weight(),
                        server.configuredWeight(),
                        server.reason());
            }
        }
    }
}
