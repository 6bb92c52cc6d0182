// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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

    /**
     * What the host must not see.
     *
     * @param interfaces that exist
     * @param owned addresses, host-order ints, of which the host sees nothing
     * @param shared services at addresses that the host has itself, which sees all else there
     * @param translated ports that source NAT uses at such addresses
     */
    record Rules(
            List<String> interfaces, List<Integer> owned, List<TableFacts.Endpoint> shared, List<Ports> translated) {
        private boolean differsInElementsOnly(Rules other) {
            return interfaces.equals(other.interfaces) && translated.equals(other.translated);
        }
    }

    private final String table;
    private final Consumer<String> nft;
    private @Nullable Rules inPlace;
    private int room;

    /**
     * A guard of the instance of that name.
     *
     * @param nft makes all changes of a script or none, and throws {@link GuardException} if it cannot
     */
    HostGuard(String instance, Consumer<String> nft) {
        this.table = PREFIX + instance;
        this.nft = nft;
    }

    /** Name of the nft table, of the family netdev. */
    String table() {
        return table;
    }

    /**
     * Brings the kernel's rules in line. What failed is tried again by the next call.
     *
     * @param anew whether an interface has lost its hook although the rules are the same
     * @return whether there was something to do
     * @throws GuardException if nft is missing or refuses
     */
    boolean keep(Rules rules, boolean anew) {
        final Rules before = inPlace;
        if (rules.equals(before) && !anew) {
            return false;
        }
        inPlace = null;
        if (rules.interfaces().isEmpty()) {
            remove();
        } else if (anew
                || before == null
                || !rules.differsInElementsOnly(before)
                || rules.owned().size() > room) {
            install(rules);
        } else {
            replace(rules);
        }
        inPlace = rules;
        return true;
    }

    private void install(Rules rules) {
        room = Math.max(LEAST_ROOM, 2 * rules.owned().size());
        final String devices =
                rules.interfaces().stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        nft.accept("add table netdev " + table + "\n"
                + "delete table netdev " + table + "\n"
                + "table netdev " + table + " {\n"
                + "  map owned {\n    type ipv4_addr : verdict\n    size " + room + "\n  }\n"
                + "  set shared {\n    type ipv4_addr . inet_proto . inet_service\n    flags interval\n  }\n"
                + "  chain ingress {\n"
                + "    type filter hook ingress devices = { " + devices + " } priority -450; policy accept;\n"
                + "    ip daddr vmap @owned\n"
                + "    arp daddr ip vmap @owned\n"
                + "    ip daddr . meta l4proto . th dport @shared drop\n"
                + rules.translated().stream().map(HostGuard::rule).collect(Collectors.joining())
                + "    fib daddr type unicast fib daddr oifname { " + devices + " } drop\n"
                + "  }\n"
                + "}\n"
                + elements(rules));
    }

    private static String rule(Ports ports) {
        return "    ip daddr " + Addresses.format(ports.address()) + " meta l4proto { tcp, udp } th dport "
                + ports.first() + "-" + ports.last() + " drop\n";
    }

    private void replace(Rules rules) {
        nft.accept("flush map netdev " + table + " owned\nflush set netdev " + table + " shared\n" + elements(rules));
    }

    /** Takes the rules away, if there are any. */
    void remove() {
        nft.accept("add table netdev " + table + "\ndelete table netdev " + table + "\n");
    }

    private String elements(Rules rules) {
        return add("owned", addresses(rules.owned())) + add("shared", services(rules.shared()));
    }

    private String add(String set, String elements) {
        return elements.isEmpty() ? "" : "add element netdev " + table + " " + set + " { " + elements + " }\n";
    }

    private static String addresses(List<Integer> addresses) {
        return addresses.stream()
                .map(address -> Addresses.format(address) + " : drop")
                .collect(Collectors.joining(", "));
    }

    private static String services(List<TableFacts.Endpoint> services) {
        return services.stream()
                .map(service -> Addresses.format(service.address()) + " . " + service.protocol() + " . "
                        + (service.port() == 0 ? "0-65535" : service.port()))
                .collect(Collectors.joining(", "));
    }

    /** The rules could not be set. */
    static final class GuardException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        GuardException(String message) {
            super(message);
        }
    }
}
