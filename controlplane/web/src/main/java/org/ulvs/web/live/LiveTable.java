// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.live;

import java.util.List;

/**
 * The director's table at one moment, with figures.
 *
 * @param running whether a dataplane runs
 * @param problem why there is no table, empty when there is one
 * @param services in the order of ipvsadm
 */
public record LiveTable(boolean running, String problem, List<Service> services) {
    /** Keeps its own list. */
    public LiveTable {
        services = List.copyOf(services);
    }

    /** The key of a service that is written as ipvsadm takes it: {@code -t 192.168.26.10:80}. */
    static String key(String arguments) {
        final int space = arguments.indexOf(' ');
        return space < 0
                ? arguments
                : switch (arguments.substring(0, space)) {
                            case "-t" -> "TCP";
                            case "-u" -> "UDP";
                            case "-f" -> "FWM";
                            default -> "SCTP";
                        }
                        + arguments.substring(space);
    }

    static LiveTable none(String problem) {
        return new LiveTable(false, problem, List.of());
    }

    /**
     * Connections, packets and bytes: totals since the start, or a second.
     *
     * @param connections made
     * @param packetsIn from clients
     * @param packetsOut to clients
     * @param bytesIn from clients
     * @param bytesOut to clients
     */
    public record Figures(long connections, long packetsIn, long packetsOut, long bytesIn, long bytesOut) {
        /** Nothing. */
        public static final Figures ZERO = new Figures(0, 0, 0, 0, 0);

        /** The sum. */
        public Figures plus(Figures other) {
            return new Figures(
                    connections + other.connections,
                    packetsIn + other.packetsIn,
                    packetsOut + other.packetsOut,
                    bytesIn + other.bytesIn,
                    bytesOut + other.bytesOut);
        }
    }

    /**
     * A virtual service.
     *
     * @param protocol {@code TCP}, {@code UDP}, {@code SCTP} or {@code FWM}
     * @param address virtual IP, empty for a firewall mark
     * @param port 0 for all
     * @param mark firewall mark as an unsigned number, 0 for none
     * @param scheduler name
     * @param persistent seconds, 0 for none
     * @param rates a second
     * @param totals since the last zeroing
     * @param servers its real servers
     */
    public record Service(
            String protocol,
            String address,
            int port,
            long mark,
            String scheduler,
            int persistent,
            Figures rates,
            Figures totals,
            List<Server> servers) {
        /** Keeps its own list. */
        public Service {
            servers = List.copyOf(servers);
        }

        /** As ipvsadm shows it: {@code 192.168.26.10:80}, or the mark. */
        public String endpoint() {
            return mark != 0 ? Long.toString(mark) : address + ':' + port;
        }

        /** Names the service among all: {@code TCP 192.168.26.10:80}. */
        public String key() {
            return protocol + ' ' + endpoint();
        }

        /** Names one of its servers among all: {@code TCP 192.168.26.10:80>10.11.12.1:80}. */
        public String key(Server server) {
            return key() + '>' + server.endpoint();
        }

        /** Active connections of all servers. */
        public long active() {
            return servers.stream().mapToLong(Server::active).sum();
        }

        /** Inactive connections of all servers. */
        public long inactive() {
            return servers.stream().mapToLong(Server::inactive).sum();
        }
    }

    /**
     * A real server.
     *
     * @param address of the server
     * @param port as the table has it
     * @param forwarding {@code Masq}, {@code Route} or {@code Tunnel}
     * @param weight now
     * @param active connections
     * @param inactive connections
     * @param rates a second
     * @param totals since the last zeroing
     */
    public record Server(
            String address,
            int port,
            String forwarding,
            int weight,
            int active,
            int inactive,
            Figures rates,
            Figures totals) {
        /** As ipvsadm shows it. */
        public String endpoint() {
            return address + ':' + port;
        }
    }
}
