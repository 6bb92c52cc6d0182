// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.ulvs.web.auth.PasswordFile;
import org.ulvs.web.http.Limits;

/** The tool on a loopback port, with files of its own, and somebody who visits it. */
final class Gui extends Visitor implements AutoCloseable {
    static final int COST = 4;
    /** Small sizes, and times that no slow machine reaches. */
    static final Limits LIMITS = limits(Duration.ofMinutes(1));
    /** For who means to be slower than this. */
    static final Limits IMPATIENT = limits(Duration.ofSeconds(1));

    final Path directory;
    final Path lvsCf;
    final FakeControlPlane control;
    final TurnableClock clock = new TurnableClock();
    private final PiranhaGui gui;

    private static Limits limits(Duration time) {
        return new Limits(16 * 1024, 4 * 1024, time, time, 64);
    }

    Gui(Path directory) {
        this(directory, List.of(), LIMITS);
    }

    Gui(Path directory, List<String> allow, Limits limits) {
        this.directory = directory;
        this.lvsCf = directory.resolve("lvs.cf");
        this.control = new FakeControlPlane(lvsCf);
        try {
            gui = PiranhaGui.start(
                    new GuiOptions(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            true,
                            directory,
                            lvsCf,
                            directory.resolve("dataplane"),
                            allow,
                            null,
                            null),
                    null,
                    clock,
                    limits,
                    control,
                    COST);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Gui withPassword() {
        try {
            new PasswordFile(GuiOptions.password(directory), COST).set(PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Gui withConfiguration(String text) {
        try {
            Files.writeString(lvsCf, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    String configuration() throws IOException {
        return Files.readString(lvsCf);
    }

    /** Reads the dataplane now, not only once a second. */
    void sample() {
        gui.sample();
    }

    int port() {
        return gui.port();
    }

    @Override
    String address() {
        return "http://127.0.0.1:" + gui.port();
    }

    Gui login() {
        enter();
        return this;
    }

    @Override
    public void close() {
        gui.close();
    }
}
