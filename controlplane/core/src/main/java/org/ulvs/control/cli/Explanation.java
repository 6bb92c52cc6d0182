// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.control.check.CheckPlan;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.GlobalKeys;
import org.ulvs.control.lvscf.Section;
import org.ulvs.control.lvscf.VirtualKeys;
import org.ulvs.control.lvscf.VirtualServer;
import org.ulvs.control.table.IpvsadmText;
import org.ulvs.control.table.PlannedServer;
import org.ulvs.control.table.PlannedService;
import org.ulvs.control.table.TablePlan;

/** A configuration in the words of commands. */
final class Explanation {
    private final List<String> lines = new ArrayList<>();

    private Explanation() {}

    static List<String> lines(Configuration configuration) {
        final Explanation explanation = new Explanation();
        explanation.nodes(configuration);
        if (configuration.failoverMode()) {
            configuration.activeFailoverServices().forEach(explanation::failover);
        } else {
            explanation.table(configuration, TablePlan.of(configuration));
        }
        return explanation.lines;
    }

    private void nodes(Configuration configuration) {
        final Section global = configuration.global();
        lines.add("# directors");
        lines.add("primary " + text(global.find(GlobalKeys.PRIMARY).orElse(null))
                + configuration
                        .primaryPrivate()
                        .map(address -> " and " + address.getHostAddress())
                        .orElse(""));
        if (configuration.backup().isPresent()) {
            lines.add("backup " + text(configuration.backup().get())
                    + configuration
                            .backupPrivate()
                            .map(address -> " and " + address.getHostAddress())
                            .orElse(""));
            lines.add("heartbeat every " + GlobalKeys.KEEPALIVE.format(global.value(GlobalKeys.KEEPALIVE))
                    + " s on UDP port " + global.value(GlobalKeys.HEARTBEAT_PORT) + ", takeover after "
                    + GlobalKeys.DEADTIME.format(global.value(GlobalKeys.DEADTIME)) + " s of silence, "
                    + (global.value(GlobalKeys.HEARTBEAT_COMPAT)
                            ? "unsigned as Piranha's"
                            : "signed with " + global.value(GlobalKeys.PEER_SECRET)));
        } else {
            lines.add("no backup");
        }
    }

    private static String text(@Nullable InetAddress address) {
        return address == null ? "(none)" : address.getHostAddress();
    }

    private void table(Configuration configuration, TablePlan plan) {
        lines.add("");
        lines.add("# addresses that the active director owns");
        for (final OwnedAddress owned : plan.addresses()) {
            final String address = IpvsadmText.address(owned.address());
            lines.add("own " + address + " on " + owned.device() + ", announce it "
                    + configuration.global().value(GlobalKeys.ARP_REPEAT) + " times");
        }
        if (plan.tcpTimeout() != 0 || plan.tcpFinTimeout() != 0 || plan.udpTimeout() != 0) {
            lines.add("");
            lines.add("# timeouts");
            lines.add("ipvsadm --set " + plan.tcpTimeout() + ' ' + plan.tcpFinTimeout() + ' ' + plan.udpTimeout());
        }
        configuration.global().find(GlobalKeys.MARK_RULES).ifPresent(file -> {
            lines.add("");
            lines.add("# firewall mark and source NAT rules");
            lines.add("rules from " + file);
        });
        plan.services().forEach(this::service);
    }

    private void service(PlannedService service) {
        lines.add("");
        lines.add("# virtual "
                + String.join(
                        ", ",
                        service.virtuals().stream().map(VirtualServer::name).toList()));
        lines.add("ipvsadm -A " + IpvsadmText.service(service.spec()));
        for (final PlannedServer server : service.servers()) {
            lines.add("ipvsadm -a " + IpvsadmText.service(service.spec().key()) + ' '
                    + IpvsadmText.server(server.spec()));
            for (final PlannedServer.Member member : server.members()) {
                lines.add("check " + member.label() + ": "
                        + CheckPlan.of(member.virtual(), member.server()).describe());
            }
        }
        service.sorryServer()
                .ifPresent(sorry -> lines.add("while no server is up: ipvsadm -a "
                        + IpvsadmText.service(service.spec().key()) + ' ' + IpvsadmText.server(sorry)));
    }

    private void failover(VirtualServer service) {
        lines.add("");
        lines.add("# failover " + service.name());
        lines.add("own " + service.address());
        service.section().find(VirtualKeys.STOP_CMD).ifPresent(command -> lines.add("stop: " + command));
        service.section().find(VirtualKeys.START_CMD).ifPresent(command -> lines.add("start: " + command));
        lines.add("the standby checks it: " + CheckPlan.remote(service).describe());
    }
}
