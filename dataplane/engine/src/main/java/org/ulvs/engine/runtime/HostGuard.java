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
 * the ingress of the dataplane's interfaces. It drops what is for owned addresses, ARP included, what is for services
 * and source NAT at addresses of the host, and transit from one of these interfaces to one of them. All else passes. A
 * tap sees frames before that.
 *
 * <p>The table's name belongs to the instance, so that a table that a killed run left is replaced in one transaction.
 * Conductor only.
 */
final class HostGuard {
    private static final int DEADLINE_SECONDS = 10;
    private static final String PREFIX = "ulvs_";
    /** Addresses for which there is room at least. With a size the kernel takes its fastest kind of set. */
    private static final int LEAST_ROOM = 1_024;

    /**
     * Ports of an address of the host that source NAT uses.
     *
     * @param address host-order int
     * @param first port
     * @param last port
     */
    record Ports(int address, int first, int last) {}

    private final String table;
    private int room;

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
     * @param owned addresses, host-order ints, of which the host sees nothing
     * @param shared services at addresses that the host has itself, which sees all else there
     * @param translated ports that source NAT uses at such addresses
     * @throws GuardException if nft is missing or refuses
     */
    void install(List<String> interfaces, int[] owned, List<TableFacts.Endpoint> shared, List<Ports> translated) {
        if (interfaces.isEmpty()) {
            remove();
            return;
        }
        room = Math.max(LEAST_ROOM, 2 * owned.length);
        final String devices = interfaces.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        run("add table netdev " + table + "\n"
                + "delete table netdev " + table + "\n"
                + "table netdev " + table + " {\n"
                + "  map owned {\n    type ipv4_addr : verdict\n    size " + room + "\n  }\n"
                + "  set shared {\n    type ipv4_addr . inet_proto . inet_service\n    flags interval\n  }\n"
                + "  chain ingress {\n"
                + "    type filter hook ingress devices = { " + devices + " } priority -450; policy accept;\n"
                + "    ip daddr vmap @owned\n"
                + "    arp daddr ip vmap @owned\n"
                + "    ip daddr . meta l4proto . th dport @shared drop\n"
                + translated.stream().map(HostGuard::rule).collect(Collectors.joining())
                + "    fib daddr type unicast fib daddr oifname { " + devices + " } drop\n"
                + "  }\n"
                + "}\n"
                + add("owned", addresses(owned))
                + add("shared", services(shared)));
    }

    private static String rule(Ports ports) {
        return "    ip daddr " + Addresses.format(ports.address()) + " meta l4proto { tcp, udp } th dport "
                + ports.first() + "-" + ports.last() + " drop\n";
    }

    /** Whether the rules that were installed have room for so many addresses. */
    boolean hasRoom(int addresses) {
        return addresses <= room;
    }

    /** Replaces the addresses, for which there must be room, and services that are kept from the host. */
    void replace(int[] owned, List<TableFacts.Endpoint> shared) {
        run("flush map netdev " + table + " owned\nflush set netdev " + table + " shared\n"
                + add("owned", addresses(owned))
                + add("shared", services(shared)));
    }

    /** Takes the rules away, if there are any. */
    void remove() {
        run("add table netdev " + table + "\ndelete table netdev " + table + "\n");
    }

    private String add(String set, String elements) {
        return elements.isEmpty() ? "" : "add element netdev " + table + " " + set + " { " + elements + " }\n";
    }

    private static String addresses(int[] addresses) {
        return IntStream.of(addresses)
                .mapToObj(address -> Addresses.format(address) + " : drop")
                .collect(Collectors.joining(", "));
    }

    private static String services(List<TableFacts.Endpoint> services) {
        return services.stream()
                .map(service -> Addresses.format(service.address()) + " . " + service.protocol() + " . "
                        + (service.port() == 0 ? "0-65535" : service.port()))
                .collect(Collectors.joining(", "));
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
