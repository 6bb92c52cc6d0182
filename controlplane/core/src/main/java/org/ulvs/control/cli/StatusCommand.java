// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.agrona.concurrent.SystemEpochClock;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.TableImage;
import org.ulvs.control.daemon.PidFile;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.pulse.PulseOptions;
import org.ulvs.control.pulse.PulseStatus;
import org.ulvs.control.pulse.PulseStatusWriter;
import org.ulvs.control.table.IpvsadmText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private final InstanceOption instance = new InstanceOption();

    @Option(names = "--json", description = "print everything as JSON")
    private boolean json;

    /** What there is to tell without pulse. */
    private record Stopped(boolean running, Dataplane dataplane) {}

    /** A dataplane as it shows itself: it may serve although its pulse does not run. */
    private record Dataplane(boolean alive, String problem, List<String> services, List<String> addresses) {
        static Dataplane look(Path directory) {
            try (CncClient client = CncClient.view(directory, SystemEpochClock.INSTANCE)) {
                final TableImage image = client.tableImages().read().image();
                return new Dataplane(
                        true,
                        "",
                        image.services().stream()
                                .map(service -> IpvsadmText.service(service.spec()))
                                .toList(),
                        image.addresses().stream().map(Dataplane::text).toList());
            } catch (DataplaneException | IOException e) {
                return new Dataplane(false, String.valueOf(e.getMessage()), List.of(), List.of());
            }
        }

        private static String text(OwnedAddress owned) {
            final String address = IpvsadmText.address(owned.address());
            return switch (owned.device()) {
                case "" -> address;
                case OwnedAddress.NOWHERE -> address + " (given up)";
                default -> address + " dev " + owned.device();
            };
        }

        String text() {
            if (!alive) {
                return "dataplane  DEAD: " + problem;
            }
            return "dataplane  alive, without pulse\naddresses  "
                    + (addresses.isEmpty() ? "none" : String.join(", ", addresses))
                    + services.stream()
                            .map(service -> "\nvirtual    " + service)
                            .collect(Collectors.joining());
        }
    }

    @Override
    public Integer call() throws IOException {
        final PulseOptions options = instance.files();
        final PrintWriter out = spec.commandLine().getOut();
        if (PidFile.running(options.pidFile()).isEmpty()) {
            final Dataplane dataplane = Dataplane.look(instance.directory());
            out.println(json ? Json.text(new Stopped(false, dataplane)) : "pulse is stopped\n" + dataplane.text());
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
