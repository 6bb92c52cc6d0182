// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Keeps the host's own stack from seeing what the dataplane deals with: a table of the netdev family with one chain at
 * the ingress of the dataplane's interfaces. It drops what is for owned addresses, ARP included, and transit from one
 * of these interfaces to one of them. All else passes. A tap sees frames before these rules.
 *
 * <p>The table's name belongs to the instance, so that a table that a killed run left is replaced in one transaction.
 * Conductor only.
 */
final class HostGuard {
    private static final int DEADLINE_SECONDS = 10;
    private static final String PREFIX = "ulvs_";

    private final String table;

    /** A guard of the instance of that name. */
    HostGuard(String instance) {
        table = PREFIX + instance;
    }

    /** Name of the nft table, of the family netdev. */
    String table() {
        return table;
    }

    /**
     * Puts the rules in place, replacing those that are there.
     *
     * @param interfaces that exist
     * @param owned addresses, host-order ints
     * @throws GuardException if nft is missing or refuses
     */
    void install(List<String> interfaces, int[] owned) {
        if (interfaces.isEmpty()) {
            remove();
            return;
        }
        final String devices = interfaces.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        final String elements = owned.length == 0 ? "" : "    elements = { " + elements(owned) + " }\n";
        run("add table netdev " + table + "\n"
                + "delete table netdev " + table + "\n"
                + "table netdev " + table + " {\n"
                + "  set owned {\n    type ipv4_addr\n" + elements + "  }\n"
                + "  chain ingress {\n"
                + "    type filter hook ingress devices = { " + devices + " } priority -450; policy accept;\n"
                + "    ip daddr @owned drop\n"
                + "    arp daddr ip @owned drop\n"
                + "    fib daddr type unicast fib daddr oifname { " + devices + " } drop\n"
                + "  }\n"
                + "}\n");
    }

    /** Replaces the owned addresses. */
    void owned(int[] addresses) {
        final String set = "set netdev " + table + " owned\n";
        run("flush " + set
                + (addresses.length == 0
                        ? ""
                        : "add element netdev " + table + " owned { " + elements(addresses) + " }\n"));
    }

    /** Takes the rules away, if there are any. */
    void remove() {
        run("add table netdev " + table + "\ndelete table netdev " + table + "\n");
    }

    private static String elements(int[] addresses) {
        return IntStream.of(addresses).mapToObj(Addresses::format).collect(Collectors.joining(", "));
    }

    private static void run(String script) {
        try {
            final Process process = new ProcessBuilder("nft", "-f", "-")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new GuardException("nft does not answer");
            }
            if (process.exitValue() != 0) {
                throw new GuardException("nft refuses the rules that keep the host from seeing what ulvs forwards: "
                        + output.strip().lines().findFirst().orElse("no reason given"));
            }
        } catch (final IOException e) {
            throw new GuardException("nft is not installed (Debian package nftables): " + e.getMessage());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuardException("interrupted while waiting for nft");
        }
    }

    /** The rules could not be set. */
    static final class GuardException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GuardException(String message) {
            super(message);
        }
    }
}
