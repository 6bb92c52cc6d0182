// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.fos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ulvs.control.check.ProgramRunner;
import org.ulvs.control.journal.ChangeJournal;
import org.ulvs.control.lvs.LvsEvents;
import org.ulvs.control.lvs.RecordedEvents;
import org.ulvs.control.lvscf.HostDevice;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.Names;

/** Real programs and sockets; the addresses of the host stay as they are. */
class FosTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final List<String> addresses = new ArrayList<>();
    private final ProgramRunner programs = new ProgramRunner();

    @SuppressWarnings("NullAway.Init") // set before each test
    private ServerSocket service;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Fos fos;

    @BeforeEach
    void start() throws IOException {
        service = new ServerSocket(0, 50, InetAddress.getByName("127.0.33.1"));
        final LvsEvents told = new RecordedEvents(events);
        fos = new Fos(told, ChangeJournal.NONE, programs, new Addresses(), SystemNanoClock.INSTANCE);
        fos.configure(configuration(), Optional.empty());
        final Thread thread = new Thread(fos::run);
        thread.setDaemon(true);
        thread.start();
        await("alive");
    }

    @AfterEach
    void stop() throws IOException {
        fos.close();
        programs.close();
        service.close();
    }

    private org.ulvs.control.lvscf.Configuration configuration() {
        final LvsCf read = LvsCf.read(
                """
                service = fos
                primary = 127.0.33.11
                backup = 127.0.33.12
                backup_active = 1
                arp_repeat = 2
                arp_interval = 0
                failover web {
                     active = 1
                     address = 127.0.33.1 lo:1
                     port = %d
                     send = ""
                     expect = ""
                     timeout = 0.1
                     start_cmd = "/bin/sh %s start"
                     stop_cmd = "/bin/sh %s stop"
                }
                """.formatted(service.getLocalPort(), directory.resolve("script"), directory.resolve("script")),
                Names.of(Map.of()));
        assertThat(read.errors()).isEmpty();
        writeScript();
        return read.configuration();
    }

    private void writeScript() {
        try {
            Files.writeString(directory.resolve("script"), "echo $1 >> " + directory.resolve("log") + "\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void await(String event) {
        try {
            assertThat(events.poll(60, TimeUnit.SECONDS)).isEqualTo(event);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldStopAndStartServicesWhenItBecomesActive() throws IOException {
        fos.activate();
        await("activated");
        assertThat(directory.resolve("log")).hasContent("stop\nstart\n");
        assertThat(addresses).startsWith("add 127.0.33.1 lo:1 24");

        fos.deactivate();
        await("deactivated");
        assertThat(directory.resolve("log")).hasContent("stop\nstart\nstop\n");
        assertThat(addresses).endsWith("remove 127.0.33.1 lo:1");
    }

    @Test
    void shouldReportAFaultWhenTheServiceOfThePartnerGoesAway() throws IOException {
        fos.deactivate();
        await("deactivated");
        service.accept().close();
        service.close();

        await("fault");
    }

    @Test
    void shouldReportAFaultOfAServiceThatNeverCame() throws IOException {
        service.close();
        fos.deactivate();
        await("deactivated");

        await("fault");
    }

    private final class Addresses extends HostAddresses {
        Addresses() {
            super(programs);
        }

        @Override
        boolean has(InetAddress address) {
            return false;
        }

        @Override
        void add(HostDevice address, Optional<Integer> mask) {
            addresses.add("add " + address + ' ' + mask.orElse(24));
        }

        @Override
        void remove(HostDevice address) {
            addresses.add("remove " + address);
        }

        @Override
        void announce(HostDevice address) {
            addresses.add("announce " + address);
        }
    }
}
