// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.SyncDaemonSpec;

/** Writes the table as commands that -R takes. */
final class SavePrinter {
    private final StringBuilder out;
    private final EndpointText text;
    private final boolean everything;

    SavePrinter(StringBuilder out, @Nullable NameService names, boolean everything) {
        this.out = out;
        this.text = new EndpointText(names);
        this.everything = everything;
    }

    void print(LiveTable table) {
        if (everything) {
            out.append("--set ")
                    .append(table.image().tcpTimeout())
                    .append(' ')
                    .append(table.image().tcpFinTimeout())
                    .append(' ')
                    .append(table.image().udpTimeout())
                    .append('\n');
        }
        for (final LiveService service : table.services()) {
            service(service);
        }
        if (everything) {
            table.image().daemons().forEach(this::daemon);
        }
    }

    private void service(LiveService live) {
        final ServiceSpec spec = live.spec();
        final String rule = text.rule(spec.key(), everything);
        out.append("-A ").append(rule).append(" -s ").append(spec.scheduler());
        final String mask =
                EndpointText.mask(spec.netmask(), spec.key().address().family());
        if ((spec.flags() & ServiceSpec.PERSISTENT) != 0) {
            out.append(" -p ").append(spec.persistentTimeout());
            if (!mask.isEmpty()) {
                out.append(" -M ").append(mask);
            }
        }
        if ((spec.flags() & ServiceSpec.ONE_PACKET) != 0) {
            out.append(" -o");
        }
        if ((spec.flags() & ServiceSpec.SCHEDULER_FLAGS) != 0) {
            out.append(" -b ").append(SchedulerFlags.text(spec.scheduler(), spec.flags()));
        }
        out.append('\n');
        final String protocol = EndpointText.protocol(spec.key());
        for (final LiveServer server : live.servers()) {
            server(server.spec(), rule, protocol);
        }
    }

    private void server(ServerSpec spec, String rule, String protocol) {
        out.append("-a ")
                .append(rule)
                .append(" -r ")
                .append(text.of(spec.address(), spec.port(), protocol))
                .append(method(spec.method()))
                .append(" -w ")
                .append(spec.weight())
                .append(TunnelText.options(spec));
        if (everything && spec.upperThreshold() != 0) {
            out.append(" -x ").append(spec.upperThreshold());
        }
        if (everything && spec.lowerThreshold() != 0) {
            out.append(" -y ").append(spec.lowerThreshold());
        }
        out.append('\n');
    }

    private static String method(int method) {
        return switch (method) {
            case ServerSpec.MASQUERADE -> " -m";
            case ServerSpec.TUNNEL -> " -i";
            default -> " -g";
        };
    }

    private void daemon(SyncDaemonSpec daemon) {
        out.append("--start-daemon ")
                .append(daemon.state() == SyncDaemonSpec.MASTER ? "master" : "backup")
                .append(" --mcast-interface ")
                .append(daemon.mcastInterface())
                .append(" --syncid ")
                .append(daemon.syncId());
        if (daemon.maxLength() != 0) {
            out.append(" --sync-maxlen ").append(daemon.maxLength());
        }
        if (daemon.group().low() != 0 || daemon.group().high() != 0) {
            out.append(" --mcast-group ").append(Addresses.text(daemon.group()));
        }
        if (daemon.port() != 0) {
            out.append(" --mcast-port ").append(daemon.port());
        }
        if (daemon.ttl() != 0) {
            out.append(" --mcast-ttl ").append(daemon.ttl());
        }
        out.append('\n');
    }
}
