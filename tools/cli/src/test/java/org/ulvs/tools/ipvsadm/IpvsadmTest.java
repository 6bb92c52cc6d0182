// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.CncFile;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.TableImage;
import org.ulvs.tools.support.TestDataplane;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class IpvsadmTest {
    private static final String TABLE = """
            -A -t 10.0.0.1:80 -s wlc -p 300 -M 255.255.255.0
            -a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 5 -x 100 -y 50
            -a -t 10.0.0.1:80 -r 10.0.1.2:80 -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum
            -A -u [2001:db8::1]:53 -s sh -b sh-port -o
            -a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -g
            -A -f 4000000000 -s rr
            """;

    @TempDir
    Path directory;

    private Invocation run(String stdin, String... args) {
        return Invocation.of(directory, stdin, args);
    }

    private void assertDone(Invocation run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }

    @Test
    void shouldRestoreEverythingThatSaveAllSaves() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertDone(run(TABLE, "-R"));
            assertDone(run("", "--set", "100", "20", "30"));
            assertDone(run("", "--start-daemon", "master", "--mcast-interface", "eth7", "--syncid", "9"));
            final Invocation saved = run("", "-S", "-n", "--save-all");
            assertDone(saved);
            assertThat(saved.out())
                    .contains("--set 100 20 30\n", "-x 100 -y 50\n", "-f 4000000000", "--syncid 9")
                    .doesNotContain("-f -");
            final TableImage before = image(dataplane);
            assertDone(run("-C\n--stop-daemon master\n--set 900 120 300\n", "-R"));
            assertDone(run(saved.out(), "-R"));
            assertThat(image(dataplane).tcpTimeout()).isEqualTo(100);
            assertThat(image(dataplane).daemons()).isEqualTo(before.daemons());
            assertThat(run("", "-S", "-n", "--save-all").out()).isEqualTo(saved.out());
        }
    }

    private static TableImage image(TestDataplane dataplane) throws IOException {
        try (CncClient client = CncClient.attach(dataplane.directory())) {
            return client.table().image();
        }
    }

    @Test
    void shouldReplaceTheTableAtOnceOrNotAtAll() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertDone(run(TABLE, "-R"));
            final ServerImage kept = server(image(dataplane), 8080);
            dataplane.records().counts(kept.slot(), 3L << 40);
            final String next = """
                    -A -t 10.0.0.1:80 -s rr
                    -a -t 10.0.0.1:80 -r 10.0.1.1:8080 -m -w 7
                    -A -t 10.0.0.2:80 -s rr
                    --set 50 0 0
                    """;
            final String before = run("", "-S", "-n").out();
            assertThat(run(next + "-A -t 10.0.0.3:80 -s nosuch\n", "-R", "--atomic")
                            .status())
                    .isEqualTo(255);
            assertThat(run(next + "-A -t 10.0.0.1:80 -s rr\n", "-R", "--atomic").err())
                    .isEqualTo("line 5: Service already exists (nothing was changed)\n");
            assertThat(run(next + "-a -t 10.0.0.9:80 -r 10.0.0.1\n", "-R", "--atomic")
                            .err())
                    .isEqualTo("line 5: Service not defined (nothing was changed)\n");
            assertThat(run(next + "-A -t nonsense\n", "-R", "--atomic").err())
                    .isEqualTo("line 5: illegal virtual server address[:port] specified (nothing was changed)\n");
            assertThat(run(next + "-D -t 10.0.0.1:80\n", "-R", "--atomic").status())
                    .isEqualTo(2);
            assertThat(run("", "-S", "-n").out()).isEqualTo(before);
            assertDone(run(next, "-R", "--atomic"));
            assertThat(run("", "-L", "-n").out()).endsWith("""
                            TCP  10.0.0.1:80 rr
                              -> 10.0.1.1:8080                Masq    7      3          0        \s
                            TCP  10.0.0.2:80 rr
                            """);
            assertThat(server(image(dataplane), 8080).slot()).isEqualTo(kept.slot());
            assertThat(image(dataplane).tcpTimeout()).isEqualTo(50);
        }
    }

    private static ServerImage server(TableImage image, int port) {
        return image.services().stream()
                .flatMap(service -> service.servers().stream())
                .filter(server -> server.spec().port() == port)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldWriteEveryListAsJson() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertDone(run(TABLE, "-R"));
            dataplane.records().counts(server(image(dataplane), 8080).slot(), 3L << 40 | 4L << 16 | 0x8000);
            final JsonNode table = json("-L", "--json");
            assertThat(table.get("connectionTableSize").asInt()).isEqualTo(64);
            final JsonNode mark = table.get("services").get(0);
            assertThat(mark.get("fwmark").asLong()).isEqualTo(4_000_000_000L);
            final JsonNode web = table.get("services").get(1);
            assertThat(web.get("netmask").asString()).isEqualTo("255.255.255.0");
            final JsonNode server = web.get("servers").get(0);
            assertThat(server.get("port").asInt()).isEqualTo(8080);
            assertThat(server.get("upperThreshold").asInt()).isEqualTo(100);
            assertThat(server.get("activeConnections").asInt()).isEqualTo(3);
            assertThat(server.get("inactiveConnections").asInt()).isEqualTo(4);
            assertThat(server.get("overloaded").asBoolean()).isTrue();
            assertThat(web.get("servers").get(1).get("tunnel").asString()).isEqualTo("gue:6080:r+c");
            assertThat(json("-L", "--json", "-u", "[2001:db8::1]:53")
                            .get("onePacket")
                            .asBoolean())
                    .isTrue();
            assertThat(json("-L", "--timeout", "--json").get("udp").asInt()).isEqualTo(300);
            assertThat(json("-L", "--daemon", "--json").isEmpty()).isTrue();
            assertThat(json("-L", "-c", "--json").isEmpty()).isTrue();
        }
    }

    private JsonNode json(String... args) {
        final Invocation run = run("", args);
        assertDone(run);
        return new JsonMapper().readTree(run.out());
    }

    @Test
    void shouldGiveAHintOnlyWhenAskedFor() throws IOException {
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            assertThat(dataplane.directory()).isEqualTo(directory);
            assertDone(run(TABLE, "-R"));
            assertThat(run("", "-A", "-t", "10.0.0.1:80").err()).isEqualTo("Service already exists\n");
            assertThat(run("", "--hints", "-A", "-t", "10.0.0.1:80").err())
                    .isEqualTo("Service already exists\nhint: use -E to change the service that is there, or -D to"
                            + " remove it\n");
            assertThat(run("", "--start-daemon", "master", "--hints").err()).contains("does not synchronise");
        }
    }

    @Test
    void shouldTakeTheDirectoryFromAnOption() throws IOException {
        final Path other = directory.resolve("other");
        try (TestDataplane dataplane = new TestDataplane(other, 64)) {
            assertThat(dataplane.directory()).isEqualTo(other);
            assertThat(run("", "-L", "-n").status()).isEqualTo(2);
            assertDone(run("", "-L", "-n", "--dir", other.toString()));
            assertDone(run("", "--dir=" + other, "-L", "-n"));
            assertThat(run("", "-L", "--dir").err()).isEqualTo("--dir: missing argument\n");
        }
    }

    @Test
    void shouldSayInWhichStateTheDataplaneIs() throws IOException {
        final Path missing = directory.resolve("missing");
        assertThat(Invocation.of(missing, "", "-L"))
                .isEqualTo(new Invocation(
                        2,
                        "",
                        "Can't initialize ipvs: there is no directory " + missing + ": start ulvs dataplane, or name"
                                + " the instance with --dir or ULVS_DIR\n"));
        assertThat(run("", "-A", "-t", "10.0.0.1:80").err()).contains("no dataplane runs in " + directory);
        try (CncFile starting = CncFile.create(directory, SystemEpochClock.INSTANCE)) {
            assertThat(run("", "-L").err()).contains("still starting");
            assertThat(run("", "-L").status()).isEqualTo(2);
            starting.running(System.currentTimeMillis());
            assertThat(run("", "-C").err()).as("nobody answers").contains("no reply from the dataplane");
        }
        assertThat(run("", "-L").err()).contains("has been stopped");
        InstanceFiles.mapExisting(InstanceFiles.cnc(directory), true).putInt(0, 99);
        assertThat(run("", "-L").err()).contains("layout version 99, this program has 1");
        Files.write(InstanceFiles.cnc(directory), new byte[1]);
        assertThat(run("", "-L").err()).contains("truncated");
    }

    @Test
    void shouldNeedNoDataplaneForHelpVersionAndMistakes() {
        assertThat(run("", "-v").status()).isZero();
        assertThat(run("", "-h").status()).isZero();
        assertThat(run("", "-A", "-t", "nonsense").err())
                .isEqualTo("illegal virtual server address[:port] specified\n");
    }

    @Test
    void shouldLetSeveralClientsChangeTheTableAtOnce() throws IOException, InterruptedException {
        final int clients = 4;
        final int services = 100;
        try (TestDataplane dataplane = new TestDataplane(directory, 64)) {
            final List<Thread> threads = new ArrayList<>();
            for (int client = 1; client <= clients; client++) {
                final StringBuilder rules = new StringBuilder();
                for (int service = 1; service <= services; service++) {
                    final String key = "-t 10.0." + client + "." + service + ":80";
                    rules.append("-A ").append(key).append("\n-a ").append(key).append(" -r 10.1.1.1 -m\n");
                }
                threads.add(new Thread(() -> assertDone(run(rules.toString(), "-R"))));
            }
            threads.forEach(Thread::start);
            for (final Thread thread : threads) {
                thread.join();
            }
            assertThat(image(dataplane).services())
                    .hasSize(clients * services)
                    .allSatisfy(service -> assertThat(service.servers()).hasSize(1));
        }
    }
}
