// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ulvs.engine.runtime.TestNetwork.server;
import static org.ulvs.engine.runtime.TestNetwork.service;
import static org.ulvs.engine.runtime.TestNetwork.spec;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;

/** The dataplane as a process of its own: its end, its sudden end, and its refusals. */
class ProcessTest {
    private static final int UDP = 17;

    @TempDir
    private Path directory;

    private TestNetwork network;

    @BeforeEach
    void setUp() {
        network = new TestNetwork(1);
    }

    @AfterEach
    void tearDown() {
        network.close();
    }

    @Test
    void shouldGoOnAfterKillAndLeaveNothingAfterTerm() throws Exception {
        network.echo(7);
        final Process first = start("--dir", directory.toString(), "--outside", "out", "--inside", "in");
        try (CncClient client = attach(first)) {
            client.table().addService(spec(service(UDP, 7)));
            client.table().addServer(service(UDP, 7), server(1, 7));
        }
        assertThat(network.ask("192.0.2.10", 7, "a")).isEqualTo("real1:a");

        first.destroyForcibly().waitFor();
        final String left = rules();
        assertThat(left).contains("192.0.2.10").contains("fib daddr oifname");

        final Process second = start("--dir", directory.toString(), "--outside", "out", "--inside", "in");
        try (CncClient client = attach(second)) {
            client.ping();
        }
        assertThat(network.ask("192.0.2.10", 7, "b")).isEqualTo("real1:b");
        assertThat(rules()).isEqualTo(left);

        second.destroy();
        assertThat(second.waitFor()).isZero();
        assertThat(rules()).isEmpty();
    }

    @Test
    void shouldTakeAwayWhatAKilledProcessLeft() throws Exception {
        final Process process = start("--dir", directory.toString(), "--outside", "out", "--own", "192.0.2.77@out");
        attach(process).close();
        process.destroyForcibly().waitFor();
        assertThat(rules()).contains("192.0.2.77");

        assertThat(start("--cleanup", "--dir", directory.toString()).waitFor()).isZero();

        assertThat(rules()).isEmpty();
    }

    @Test
    void shouldRefuseAnInterfaceThatIsNotThere() throws Exception {
        assertThat(refusal(3, "--dir", directory.toString(), "--outside", "eth7"))
                .isEqualTo("ulvs dataplane: there is no interface eth7; there are in, lo, out\n");
        assertThat(rules()).isEmpty();
    }

    @Test
    void shouldRefuseADirectoryInUse() throws Exception {
        final Process process = start("--dir", directory.toString());
        attach(process).close();

        assertThat(refusal(1, "--dir", directory.toString())).contains("another dataplane runs in " + directory);
        process.destroy();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void shouldRefuseToForwardWithoutCapabilities() throws Exception {
        final List<String> command =
                new ArrayList<>(List.of("setpriv", "--bounding-set", "-all", "--inh-caps", "-all"));
        command.addAll(command("--dir", directory.toString(), "--outside", "out"));
        final Process process = network.director()
                .start(new ProcessBuilder().redirectErrorStream(true), command.toArray(new String[0]));
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(output).contains("NET_RAW and NET_ADMIN").contains("as root");
    }

    @Test
    void shouldRefuseADirectoryThatIsAFile() throws Exception {
        final Path file = Files.createFile(directory.resolve("file"));

        assertThat(refusal(1, "--dir", file.toString())).contains("cannot use the directory " + file);
    }

    @Test
    void shouldKeepTheCpuOfAWorkerFreeOfOtherWork() throws Exception {
        final Process process = start("--dir", directory.toString(), "--cpus", "0");
        attach(process).close();

        Map<String, String> threads = threads(process);
        while (!threads.getOrDefault("worker-0", "").equals("0, nice 0")
                || !threads.getOrDefault("conductor", "").endsWith(", nice 10")) {
            LockSupport.parkNanos(5_000_000);
            threads = threads(process);
        }

        assertThat(threads)
                .extractingByKeys("VM Thread", "C1 CompilerThre")
                .doesNotContainNull()
                .noneMatch(thread -> thread.startsWith("0"));
        // somebody waits for what the conductor does
        assertThat(threads).containsEntry("conductor", allowedCpus(Path.of("/proc/self")) + ", nice 10");
    }

    /** The CPUs that each thread of a process may run on, and how nice it is, by its name. */
    private static Map<String, String> threads(Process process) throws IOException {
        final Map<String, String> threads = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(process.pid()), "task"))) {
            for (final Path task : tasks.toList()) {
                try {
                    final String name = Files.readString(task.resolve("comm")).strip();
                    threads.put(name, allowedCpus(task) + ", nice " + nice(task));
                } catch (final IOException ended) {
                    assertThat(process.isAlive()).isTrue();
                }
            }
        }
        return threads;
    }

    private static String allowedCpus(Path task) throws IOException {
        return Files.readAllLines(task.resolve("status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** The 19th field of proc(5), the 17th behind the name. */
    private static String nice(Path task) throws IOException {
        final String stat = Files.readString(task.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16];
    }

    private CncClient attach(Process process) throws IOException {
        while (true) {
            try {
                final CncClient client = CncClient.attach(directory);
                if (client.cnc().pid() == process.pid()) {
                    return client;
                }
                client.close();
            } catch (final DataplaneException e) {
                assertThat(process.isAlive()).as(e.getMessage()).isTrue();
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private String rules() {
        return network.director().exec("nft", "list", "ruleset");
    }

    private String refusal(int exitCode, String... arguments) throws IOException, InterruptedException {
        final Process process = network.director()
                .start(
                        new ProcessBuilder().redirectErrorStream(true),
                        command(arguments).toArray(new String[0]));
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(exitCode);
        return output;
    }

    private Process start(String... arguments) {
        return network.director()
                .start(
                        new ProcessBuilder().inheritIO().redirectOutput(ProcessBuilder.Redirect.DISCARD),
                        command(arguments).toArray(new String[0]));
    }

    private static List<String> command(String... arguments) {
        final List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens",
                "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                DataplaneMain.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
