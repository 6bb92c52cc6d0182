// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.ulvs.control.lvs.LvsStatus;
import org.ulvs.control.pulse.PulseOptions;
import org.ulvs.control.pulse.PulseStatus;
import org.ulvs.web.auth.PasswordFile;
import tools.jackson.databind.json.JsonMapper;

/**
 * How long each page takes with one service of a thousand real servers: a measurement, no test. It starts the tool
 * beside a dataplane and a pulse that only write their files, as often as the real ones. Run it with
 *
 * <pre>java -cp TESTS org.ulvs.web.PageTimes FOLDER PORT ROUNDS COMMAND…</pre>
 *
 * where COMMAND starts the tool; {@code --listen}, {@code --config}, {@code --conf} and {@code --dir} are added to it.
 */
final class PageTimes extends Visitor {
    private static final int STARTS = 4;
    private static final int WARM = 20;
    private static final List<String> PAGES = List.of(
            "/control",
            "/control?show=all",
            "/watch?name=http",
            "/watch?name=http&show=all",
            "/virtual",
            "/virtual/edit?name=http",
            "/virtual/scripts?name=http",
            "/virtual/servers?name=http",
            "/virtual/server?name=http&server=web500",
            "/global",
            "/redundancy",
            "/failover",
            "/marks",
            "/timeline",
            "/password",
            "/help",
            "/metrics",
            "/api/v1/table",
            "/api/v1/config",
            "/api/v1/status");

    private final Path directory;
    private final int port;

    private PageTimes(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    @Override
    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** Arguments: an empty folder, a free port, answers a page, what starts the tool. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        final PageTimes times = new PageTimes(
                Files.createDirectories(Path.of(arguments[0])).toAbsolutePath(), Integer.parseInt(arguments[1]));
        final List<String> command = new ArrayList<>(List.of(arguments).subList(3, arguments.length));
        command.addAll(List.of("--http", "--listen", "127.0.0.1:" + times.port));
        command.addAll(List.of("--config", times.directory.resolve("lvs.cf").toString()));
        command.addAll(List.of("--conf", times.directory.resolve("conf").toString()));
        command.addAll(List.of("--dir", times.directory.resolve("dataplane").toString()));
        times.write();
        // the first start makes this side warm
        for (int i = 0; i < STARTS; i++) {
            final Process tool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try {
                times.first(tool);
                if (i == STARTS - 1) {
                    times.pages(Integer.parseInt(arguments[2]));
                }
            } finally {
                tool.destroy();
                tool.waitFor();
            }
        }
    }

    private void write() throws IOException {
        Files.writeString(directory.resolve("lvs.cf"), LargeTableTest.configuration());
        new PasswordFile(GuiOptions.password(Files.createDirectories(directory.resolve("conf"))), 4).set(PASSWORD);
        final int[] weights = new int[LargeTableTest.SERVERS];
        Arrays.fill(weights, 1);
        final FakeDataplane dataplane = new FakeDataplane(directory.resolve("dataplane"));
        dataplane.table(0xc0a8_1a0a, 80, weights);
        for (int i = 1; i <= LargeTableTest.SERVERS; i++) {
            dataplane.figures(i, 20 + i * 7 % 50, i * 3 % 20, 90_000 + i * 977L % 60_000);
        }
        final PulseOptions pulse =
                new PulseOptions(directory.resolve("lvs.cf"), directory.resolve("dataplane"), false, false);
        Files.createDirectories(pulse.stateDirectory());
        final Thread writing = new Thread(
                () -> {
                    while (true) {
                        status(pulse);
                        LockSupport.parkNanos(1_000_000_000L);
                    }
                },
                "pulse");
        writing.setDaemon(true);
        writing.start();
    }

    private static void status(PulseOptions pulse) {
        final long now = System.currentTimeMillis();
        final List<LvsStatus.Server> servers = new ArrayList<>();
        for (int i = 0; i < LargeTableTest.SERVERS; i++) {
            servers.add(new LvsStatus.Server(
                    "http/web" + i,
                    LargeTableTest.address(i) + ":80",
                    i == 7 ? "down" : "up",
                    1,
                    1,
                    i == 7 ? "Connection refused" : "HTTP/1.1 200 after 1.2 ms",
                    now - 60_000,
                    LvsStatus.Checks.NONE.and(i != 7, 1_200_000, now)));
        }
        final PulseStatus status = new PulseStatus(
                1,
                now - 99_000,
                now,
                "primary",
                "lvs",
                "active",
                "lvs.cf",
                0,
                "",
                false,
                new PulseStatus.Peer(false, "", false, false, false, 0, "unknown"),
                Map.of("ACTIVATIONS", 1L),
                new LvsStatus(
                        true, "", true, List.of(new LvsStatus.Service("http", "-t 192.168.26.10:80", "wlc", servers))));
        try {
            final Path fresh = pulse.stateDirectory().resolve("status.new");
            Files.write(fresh, JsonMapper.builder().build().writeValueAsBytes(status));
            Files.move(fresh, pulse.statusFile(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void first(Process tool) throws IOException {
        final BufferedReader said =
                new BufferedReader(new InputStreamReader(tool.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null && !line.contains("listening"); line = said.readLine()) {
            System.out.println(line);
        }
        final double login = ms(() -> get("/login"));
        enter();
        final double page = ms(() -> get("/control"));
        final double again = ms(() -> get("/control"));
        System.out.printf(Locale.ROOT, "start: /login %.1f ms, /control %.1f ms, again %.1f ms%n", login, page, again);
    }

    private static double ms(Runnable work) {
        final long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1e6;
    }

    private void pages(int rounds) {
        System.out.printf("%-42s %8s %21s %22s%n", "page", "bytes", "server: middle, worst", "whole: middle, worst");
        for (final String page : PAGES) {
            for (int i = 0; i < WARM; i++) {
                get(page);
            }
            final double[] server = new double[rounds];
            final double[] whole = new double[rounds];
            int bytes = 0;
            for (int i = 0; i < rounds; i++) {
                final long began = System.nanoTime();
                final HttpResponse<String> answer = get(page);
                whole[i] = (System.nanoTime() - began) / 1e6;
                server[i] = Double.parseDouble(answer.headers()
                        .firstValue("Server-Timing")
                        .orElse("app;dur=NaN")
                        .substring("app;dur=".length()));
                bytes = answer.body().length();
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException(page + ": " + answer.statusCode());
                }
            }
            Arrays.sort(server);
            Arrays.sort(whole);
            System.out.printf(
                    Locale.ROOT,
                    "%-42s %8d %12.1f %8.1f %13.1f %8.1f%n",
                    page,
                    bytes,
                    server[rounds / 2],
                    server[rounds - 1],
                    whole[rounds / 2],
                    whole[rounds - 1]);
        }
    }
}
