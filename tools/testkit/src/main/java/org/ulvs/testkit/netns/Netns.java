// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.testkit.netns;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace that a test makes. Its name ends with the test's process id, so that two runs on one machine do
 * not meet; those that a killed run left are removed first. What runs in it ends with it.
 */
public final class Netns implements AutoCloseable {
    private static final String FOLDER = "/run/netns/";
    private static final int DEADLINE_SECONDS = 30;

    private final String name;
    private final List<Process> processes = Collections.synchronizedList(new ArrayList<>());

    private Netns(String name) {
        this.name = name;
    }

    /** Makes a namespace with its loopback up and no IPv6 noise on what is created in it later. */
    public static Netns create(String prefix) {
        final String name = prefix + "-" + ProcessHandle.current().pid();
        remove(name);
        removeLeftovers(prefix + "-");
        run(List.of("ip", "netns", "add", name));
        final Netns netns = new Netns(name);
        netns.exec("ip", "link", "set", "lo", "up");
        netns.exec("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        return netns;
    }

    /** Makes a veth pair between two namespaces, both ends up. */
    public static void veth(Netns first, String firstName, Netns second, String secondName) {
        run(List.of(
                "ip",
                "link",
                "add",
                "name",
                firstName,
                "netns",
                first.name,
                "type",
                "veth",
                "peer",
                "name",
                secondName,
                "netns",
                second.name));
        first.exec("ip", "link", "set", firstName, "up");
        second.exec("ip", "link", "set", secondName, "up");
    }

    /** Name as {@code ip netns} shows it. */
    public String name() {
        return name;
    }

    /**
     * Runs a command in the namespace to its end.
     *
     * @return its output and errors
     * @throws IllegalStateException with both, if it fails
     */
    public String exec(String... command) {
        return run(inside(command));
    }

    /** Adds an address, for example {@code 10.0.0.1/24}. */
    public void address(String interfaceName, String address) {
        exec("ip", "address", "add", address, "dev", interfaceName);
    }

    /** MAC address of an interface, as text. */
    public String macAddress(String interfaceName) {
        return exec("cat", "/sys/class/net/" + interfaceName + "/address").strip();
    }

    /** The kernel's number of an interface. */
    public int interfaceIndex(String interfaceName) {
        return Integer.parseInt(
                exec("cat", "/sys/class/net/" + interfaceName + "/ifindex").strip());
    }

    /** Starts a command that is killed when the namespace is closed. Its output goes to the test's. */
    public Process start(String... command) {
        return start(new ProcessBuilder().inheritIO(), command);
    }

    /** Starts a command with redirections of the caller's choice. */
    public Process start(ProcessBuilder builder, String... command) {
        try {
            final Process process = builder.command(inside(command)).start();
            processes.add(process);
            return process;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves the calling thread into the namespace; sockets that it opens and processes that it starts are there. */
    public void enter() {
        Kernel.enter(FOLDER + name);
    }

    /** Runs a piece of code on a thread of its own inside the namespace. */
    public Thread thread(Runnable code) {
        final Thread thread = new Thread(
                () -> {
                    enter();
                    code.run();
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        remove(name);
    }

    private List<String> inside(String... command) {
        final List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", name));
        line.addAll(Arrays.asList(command));
        return line;
    }

    private static void removeLeftovers(String prefix) {
        final String[] names = new File(FOLDER).list((folder, name) -> name.startsWith(prefix));
        for (final String name : names == null ? new String[0] : names) {
            final String pid = name.substring(prefix.length());
            if (pid.matches("[0-9]+") && !new File("/proc/" + pid).exists()) {
                remove(name);
            }
        }
    }

    private static void remove(String name) {
        if (!new File(FOLDER + name).exists()) {
            return;
        }
        for (final String pid : run(List.of("ip", "netns", "pids", name)).split("\n", -1)) {
            if (!pid.isBlank()) {
                ProcessHandle.of(Long.parseLong(pid.strip()))
                        .filter(process ->
                                process.pid() != ProcessHandle.current().pid())
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        run(List.of("ip", "netns", "delete", name));
    }

    /** Runs a command outside of any namespace to its end; see {@link #exec}. */
    public static String run(List<String> command) {
        try {
            final Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(String.join(" ", command) + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + ": " + output.strip());
            }
            return output;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(String.join(" ", command) + " was interrupted", e);
        }
    }
}
