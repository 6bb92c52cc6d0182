// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.CommandAdapter;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerRecords;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.TableAdmin;
import org.ulvs.cnc.TableImage;
import org.ulvs.cnc.TableImageWriter;

/**
 * Runs when the distribution is built: does what ipvsadm does against an instance that agrees to everything, so that
 * the classes of a real run get into the archive from which it starts.
 */
public final class Training {
    private static final String RULES = """
            -A -t 192.0.2.1:80 -s wlc -p 600
            -a -t 192.0.2.1:80 -r 192.0.2.2:80 -m -w 2
            -A -f 3 -s rr
            -C
            """;
    private static final int SLOTS = 16;

    private static volatile boolean running = true;

    private Training() {}

    /** Makes an instance in a temporary directory, uses and removes it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        final Path directory = Files.createTempDirectory("ulvs-training");
        try (CncFile cnc = CncFile.create(directory, SystemEpochClock.INSTANCE)) {
            ServerRecords.create(
                    InstanceFiles.mapOrCreate(InstanceFiles.servers(directory), ServerRecords.fileLength(SLOTS, 1)),
                    SLOTS,
                    1);
            final TableImageWriter images = TableImageWriter.open(directory, SLOTS);
            final CommandAdapter adapter =
                    new CommandAdapter(cnc, agreeing(TableAdmin.class), agreeing(HostAdmin.class), () -> {}, images);
            adapter.publish();
            cnc.running(SystemEpochClock.INSTANCE.time());
            final Thread conductor = new Thread(() -> serve(adapter), "conductor");
            conductor.start();
            commands(directory);
            running = false;
            conductor.join();
        } finally {
            try (var files = Files.list(directory)) {
                for (final Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private static void serve(CommandAdapter adapter) {
        while (running) {
            adapter.doWork(SystemEpochClock.INSTANCE.time());
            LockSupport.parkNanos(10_000);
        }
    }

    private static void commands(Path directory) {
        run(directory, "-L");
        run(directory, "-L", "-n", "--stats");
        run(directory, "-L", "-n", "--rate", "--json");
        run(directory, "-L", "-n", "-c");
        run(directory, "-L", "--timeout");
        run(directory, "-S", "-n");
        run(directory, "-v");
        run(directory, "-W");
        run(directory, "-A", "-t", "192.0.2.1:80", "-s", "wlc", "-p", "600", "-M", "255.255.255.0");
        run(directory, "-a", "-t", "192.0.2.1:80", "-r", "192.0.2.2:80", "-m", "-w", "2");
        run(directory, "-Z");
        run(directory, "-R");
        run(directory, "-R", "--atomic");
        run(directory.resolve("nowhere"), "-L");
    }

    private static void run(Path directory, String... args) {
        final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        new Ipvsadm(
                        "ipvsadm",
                        directory,
                        false,
                        new SystemNames(),
                        SystemEpochClock.INSTANCE,
                        SystemNanoClock.INSTANCE,
                        CncClient.DEFAULT_TIMEOUT_MS)
                .run(args, new ByteArrayInputStream(RULES.getBytes(StandardCharsets.UTF_8)), nowhere, nowhere);
    }

    private static <T> T agreeing(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getReturnType() == TableImage.class) {
                        return image();
                    }
                    return method.getReturnType() == CommandResult.class ? CommandResult.OK : Integer.valueOf(0);
                }));
    }

    private static TableImage image() {
        final ServiceSpec service = new ServiceSpec(new ServiceKey(6, InetAddr.v4(0x7F000001), 80, 0), "wlc", 0, 0, -1);
        final ServerSpec server = ServerSpec.of(InetAddr.v4(0x7F000001), 80, ServerSpec.MASQUERADE, 1);
        return new TableImage(
                SLOTS,
                1,
                900,
                120,
                300,
                List.of(new ServiceImage(service, 0, List.of(new ServerImage(server, 1)))),
                List.of(),
                Map.of(),
                "",
                List.of(),
                List.of());
    }
}
