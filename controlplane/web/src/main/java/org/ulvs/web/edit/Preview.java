// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.TableImage;
import org.ulvs.control.lvscf.Configuration;
import org.ulvs.control.lvscf.ConfigurationDiff;
import org.ulvs.control.lvscf.Finding;
import org.ulvs.control.lvscf.LvsCf;
import org.ulvs.control.lvscf.LvsCfDocument;
import org.ulvs.control.table.DesiredService;
import org.ulvs.control.table.DesiredTable;
import org.ulvs.control.table.PlannedServer;
import org.ulvs.control.table.Reconciler;
import org.ulvs.control.table.TableCommand;
import org.ulvs.control.table.TablePlan;

/**
 * What a draft amounts to.
 *
 * @param lines of lvs.cf that change
 * @param changes key by key
 * @param commands the director would be given, were all servers up
 * @param warnings about the new file
 * @param serial the new serial_no
 */
public record Preview(
        List<LineDiff.Line> lines, List<String> changes, List<String> commands, List<String> warnings, long serial) {
    /** Works it out. */
    public static Preview of(Draft draft, ConfigStore store) {
        final LvsCfDocument raised = LvsCfDocument.parse(draft.text());
        final long serial = raised.raiseSerial();
        final LvsCf before = store.read(draft.baseText());
        final LvsCf after = store.read(raised.text());
        final List<String> changes = new ArrayList<>();
        for (final ConfigurationDiff.Change change :
                ConfigurationDiff.between(before.configuration(), after.configuration())) {
            if (!"serial_no".equals(change.key())) {
                changes.add(change.describe());
            }
        }
        final Set<String> warnings = new LinkedHashSet<>();
        for (final Finding finding : after.findings()) {
            if (finding.severity() != Finding.Severity.NOTE) {
                warnings.add((finding.line() > 0 ? "Line " + finding.line() + ": " : "")
                        + BlockForm.sentence(finding.reason()));
            }
        }
        return new Preview(
                LineDiff.between(draft.baseText(), raised.text()),
                changes,
                before.usable() && after.usable() ? commands(before.configuration(), after.configuration()) : List.of(),
                List.copyOf(warnings),
                serial);
    }

    private static List<String> commands(Configuration before, Configuration after) {
        final TablePlan old = plan(before);
        final Set<ServiceKey> services = new HashSet<>();
        old.services().forEach(service -> services.add(service.spec().key()));
        final Set<InetAddr> addresses = new HashSet<>();
        old.addresses().forEach(owned -> addresses.add(owned.address()));
        return Reconciler.commands(desired(plan(after)), image(old), services, addresses).stream()
                .map(TableCommand::describe)
                .toList();
    }

    private static TablePlan plan(Configuration configuration) {
        return configuration.failoverMode() ? TablePlan.empty() : TablePlan.of(configuration);
    }

    private static DesiredTable desired(TablePlan plan) {
        return new DesiredTable(
                plan.services().stream()
                        .map(service -> new DesiredService(
                                service.spec(),
                                service.servers().stream()
                                        .map(PlannedServer::spec)
                                        .toList()))
                        .toList(),
                plan.addresses(),
                plan.tcpTimeout(),
                plan.tcpFinTimeout(),
                plan.udpTimeout(),
                Optional.empty());
    }

    private static TableImage image(TablePlan plan) {
        final List<ServiceImage> services = new ArrayList<>();
        plan.services().forEach(service -> {
            final List<ServerImage> servers = new ArrayList<>();
            for (final PlannedServer server : service.servers()) {
                final ServerSpec spec = server.spec();
                servers.add(new ServerImage(spec, 0));
            }
            services.add(new ServiceImage(service.spec(), 0, servers));
        });
        final List<OwnedAddress> addresses = plan.addresses();
        return new TableImage(
                0,
                0,
                plan.tcpTimeout(),
                plan.tcpFinTimeout(),
                plan.udpTimeout(),
                services,
                List.of(),
                java.util.Map.of(),
                "",
                List.of(),
                addresses);
    }
}
