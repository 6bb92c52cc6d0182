// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.TableImage;

/**
 * The fewest commands from what is to what should be. What is right already is not touched, so connections stay; there
 * is never a flush. Addresses go first when they are given up and come last when they are taken, so that a packet for
 * them always finds its service.
 */
public final class Reconciler {
    private record ServerKey(InetAddr address, int port) {}

    private final DesiredTable desired;
    private final TableImage actual;
    private final Set<ServiceKey> ours;
    private final Set<InetAddr> ourAddresses;
    private final List<TableCommand> commands = new ArrayList<>();

    private Reconciler(DesiredTable desired, TableImage actual, Set<ServiceKey> ours, Set<InetAddr> ourAddresses) {
        this.desired = desired;
        this.actual = actual;
        this.ours = ours;
        this.ourAddresses = ourAddresses;
    }

    /**
     * The commands, in the order in which they are to be given.
     *
     * @param ours services that the control plane has made: only those are ever deleted
     * @param ourAddresses addresses that it has owned: only those are ever given up
     */
    public static List<TableCommand> commands(
            DesiredTable desired, TableImage actual, Set<ServiceKey> ours, Set<InetAddr> ourAddresses) {
        final Reconciler reconciler = new Reconciler(desired, actual, ours, ourAddresses);
        reconciler.disown();
        reconciler.settings();
        reconciler.services();
        reconciler.own();
        return List.copyOf(reconciler.commands);
    }

    private void disown() {
        for (final OwnedAddress owned : actual.addresses()) {
            final boolean wanted = desired.addresses().stream()
                    .anyMatch(address -> address.address().equals(owned.address()));
            if (!wanted && ourAddresses.contains(owned.address())) {
                commands.add(new TableCommand.Disown(owned.address()));
            }
        }
    }

    private void own() {
        for (final OwnedAddress wanted : desired.addresses()) {
            if (!actual.addresses().contains(wanted)) {
                commands.add(new TableCommand.Own(wanted));
            }
        }
    }

    private void settings() {
        final boolean timeouts = differs(desired.tcpTimeout(), actual.tcpTimeout())
                || differs(desired.tcpFinTimeout(), actual.tcpFinTimeout())
                || differs(desired.udpTimeout(), actual.udpTimeout());
        if (timeouts) {
            commands.add(
                    new TableCommand.SetTimeouts(desired.tcpTimeout(), desired.tcpFinTimeout(), desired.udpTimeout()));
        }
    }

    private static boolean differs(int wanted, int is) {
        return wanted != 0 && wanted != is;
    }

    private void services() {
        final Map<ServiceKey, ServiceImage> present = new LinkedHashMap<>();
        actual.services().forEach(service -> present.put(service.spec().key(), service));
        for (final ServiceImage service : actual.services()) {
            final ServiceKey key = service.spec().key();
            final boolean wanted = desired.services().stream()
                    .anyMatch(other -> other.spec().key().equals(key));
            if (!wanted && ours.contains(key)) {
                commands.add(new TableCommand.DeleteService(key));
            }
        }
        for (final DesiredService service : desired.services()) {
            final ServiceImage image = present.get(service.spec().key());
            if (image == null) {
                commands.add(new TableCommand.AddService(service.spec()));
            } else if (!same(service.spec(), image.spec())) {
                commands.add(new TableCommand.EditService(service.spec()));
            }
            servers(service, image == null ? List.of() : image.servers());
        }
    }

    /** The dataplane gives back what it was told, but for details that mean the same. */
    private static boolean same(ServiceSpec wanted, ServiceSpec is) {
        final boolean persistent = (wanted.flags() & ServiceSpec.PERSISTENT) != 0;
        return wanted.scheduler().equals(is.scheduler())
                && wanted.flags() == is.flags()
                && (!persistent || wanted.persistentTimeout() == is.persistentTimeout())
                && (!persistent || wanted.netmask() == is.netmask());
    }

    private void servers(DesiredService service, List<ServerImage> images) {
        final ServiceKey key = service.spec().key();
        final Map<ServerKey, ServerSpec> wanted = new LinkedHashMap<>();
        service.servers().forEach(server -> wanted.put(new ServerKey(server.address(), server.port()), server));
        final Map<ServerKey, ServerSpec> present = new LinkedHashMap<>();
        for (final ServerImage image : images) {
            final ServerSpec spec = image.spec();
            final ServerKey server = new ServerKey(spec.address(), spec.port());
            present.put(server, spec);
        }
        // new servers first: a service that changes its servers is never without one
        wanted.forEach((server, spec) -> {
            final ServerSpec is = present.get(server);
            if (is == null) {
                commands.add(new TableCommand.AddServer(key, spec));
            } else if (!is.equals(spec)) {
                commands.add(new TableCommand.EditServer(key, spec));
            }
        });
        present.forEach((server, spec) -> {
            if (!wanted.containsKey(server)) {
                commands.add(new TableCommand.DeleteServer(key, server.address(), server.port()));
            }
        });
    }
}
