// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.SyncDaemonSpec;
import org.ulvs.cnc.TableImage;

/** Writes the table as the original does. */
final class ListPrinter {
    private static final int SERVICE_WIDTH = 33;
    private static final int SERVER_WIDTH = 28;

    private final StringBuilder out;
    private final Request request;
    private final EndpointText text;
    private final boolean exact;

    ListPrinter(StringBuilder out, Request request, NameService names) {
        this.out = out;
        this.request = request;
        this.text = new EndpointText(request.has(Kind.NUMERIC) ? null : names);
        this.exact = request.has(Kind.EXACT);
    }

    static String forward(int method) {
        return switch (method) {
            case ServerSpec.MASQUERADE -> "Masq";
            case ServerSpec.LOCAL -> "Local";
            case ServerSpec.TUNNEL -> "Tunnel";
            default -> "Route";
        };
    }

    void all(LiveTable table) {
        out.append("IP Virtual Server version 1.2.1 (size=")
                .append(table.image().connectionCapacity())
                .append(")\n");
        titles();
        for (final LiveService service : table.services()) {
            service(service);
        }
    }

    void one(LiveService service) {
        titles();
        service(service);
    }

    private void titles() {
        if (request.has(Kind.STATS)) {
            out.append("Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n")
                    .append("  -> RemoteAddress:Port\n");
        } else if (request.has(Kind.RATE)) {
            out.append("Prot LocalAddress:Port                 CPS    InPPS   OutPPS    InBPS   OutBPS\n")
                    .append("  -> RemoteAddress:Port\n");
        } else if (request.has(Kind.THRESHOLDS)) {
            out.append("Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n")
                    .append("  -> RemoteAddress:Port\n");
        } else if (request.has(Kind.PERSISTENT_CONN)) {
            out.append("Prot LocalAddress:Port            Weight    PersistConn ActiveConn InActConn \n")
                    .append("  -> RemoteAddress:Port\n");
        } else if (request.has(Kind.TUN_INFO)) {
            out.append("Prot LocalAddress:Port Scheduler Flags\n")
                    .append("  -> RemoteAddress:Port           Forward TunnelInfo    Weight ActiveConn InActConn\n");
        } else {
            out.append("Prot LocalAddress:Port Scheduler Flags\n")
                    .append("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
        }
    }

    private @Nullable Figures figures(Figures stats, Figures rates) {
        if (request.has(Kind.STATS)) {
            return stats;
        }
        return request.has(Kind.RATE) ? rates : null;
    }

    private void service(LiveService service) {
        final ServiceSpec spec = service.spec();
        final String name =
                cut(text.listed(spec.key()), SERVICE_WIDTH, spec.key().address().family());
        final Figures figures = figures(service.stats(), service.rates());
        if (figures != null) {
            Text.left(out, name, SERVICE_WIDTH);
            append(figures);
        } else {
            out.append(name).append(' ').append(spec.scheduler());
            options(spec);
            out.append('\n');
        }
        final String protocol = EndpointText.protocol(spec.key());
        for (final LiveServer server : service.servers()) {
            server(server, protocol);
        }
    }

    private static String cut(String name, int width, int family) {
        return family == 6 || name.length() <= width ? name : name.substring(0, width);
    }

    private void options(ServiceSpec spec) {
        if ((spec.flags() & ServiceSpec.SCHEDULER_FLAGS) != 0) {
            out.append(" (")
                    .append(SchedulerFlags.text(spec.scheduler(), spec.flags()))
                    .append(')');
        }
        if ((spec.flags() & ServiceSpec.PERSISTENT) != 0) {
            out.append(" persistent ").append(spec.persistentTimeout());
            final String mask =
                    EndpointText.mask(spec.netmask(), spec.key().address().family());
            if (!mask.isEmpty()) {
                out.append(" mask ").append(mask);
            }
        }
        if ((spec.flags() & ServiceSpec.ONE_PACKET) != 0) {
            out.append(" ops");
        }
    }

    private void server(LiveServer server, String protocol) {
        final ServerSpec spec = server.spec();
        final String full = text.of(spec.address(), spec.port(), protocol);
        out.append("  -> ");
        Text.left(out, cut(full, SERVER_WIDTH, spec.address().family()), SERVER_WIDTH);
        final Figures figures = figures(server.stats(), server.rates());
        if (figures != null) {
            append(figures);
            return;
        }
        out.append(' ');
        if (request.has(Kind.THRESHOLDS)) {
            Text.left(out, spec.upperThreshold(), 10).append(' ');
            Text.left(out, spec.lowerThreshold(), 10).append(' ');
        } else if (request.has(Kind.PERSISTENT_CONN)) {
            Text.left(out, spec.weight(), 9).append(' ');
            Text.left(out, server.persistent(), 11).append(' ');
        } else {
            Text.left(out, forward(spec.method()), 7).append(' ');
            if (request.has(Kind.TUN_INFO)) {
                Text.left(out, TunnelText.info(spec), 13).append(' ');
            }
            Text.left(out, spec.weight(), 6).append(' ');
        }
        Text.left(out, server.active(), 10).append(' ');
        Text.left(out, server.inactive(), 10).append('\n');
    }

    private void append(Figures figures) {
        Text.figure(out, figures.connections(), exact);
        Text.figure(out, figures.inPackets(), exact);
        Text.figure(out, figures.outPackets(), exact);
        Text.figure(out, figures.inBytes(), exact);
        Text.figure(out, figures.outBytes(), exact);
        out.append('\n');
    }

    void timeouts(TableImage image) {
        out.append("Timeout (tcp tcpfin udp): ")
                .append(image.tcpTimeout())
                .append(' ')
                .append(image.tcpFinTimeout())
                .append(' ')
                .append(image.udpTimeout())
                .append('\n');
    }

    void daemons(TableImage image) {
        for (final SyncDaemonSpec daemon : image.daemons()) {
            out.append(daemon.state() == SyncDaemonSpec.MASTER ? "master" : "backup")
                    .append(" sync daemon (mcast=")
                    .append(daemon.mcastInterface())
                    .append(", syncid=")
                    .append(daemon.syncId())
                    .append(", maxlen=")
                    .append(daemon.maxLength() == 0 ? 1472 : daemon.maxLength())
                    .append(", group=")
                    .append(
                            daemon.group().low() == 0 && daemon.group().high() == 0
                                    ? "224.0.0.81"
                                    : Addresses.text(daemon.group()))
                    .append(", port=")
                    .append(daemon.port() == 0 ? 8848 : daemon.port())
                    .append(", ttl=")
                    .append(daemon.ttl() == 0 ? 1 : daemon.ttl())
                    .append(")\n");
        }
    }
}
