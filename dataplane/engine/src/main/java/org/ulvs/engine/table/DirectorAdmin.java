// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CommandResult;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServerImage;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceConfig;
import org.ulvs.cnc.ServiceImage;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.SyncDaemonSpec;
import org.ulvs.cnc.TableAdmin;
import org.ulvs.cnc.TableImage;

/** Everything that commands may do to a director. Conductor only. */
public final class DirectorAdmin implements TableAdmin {
    private final Director director;
    private final TableEditor editor;
    private final RuleTable rules;
    private final int connectionCapacity;
    private final List<SyncDaemonSpec> daemons = new ArrayList<>();
    private List<OwnedAddress> addresses = List.of();

    /**
     * Administers a director that has no services yet.
     *
     * @param connectionCapacity connections that all workers together can hold, for the table image
     * @param isLocal whether an address is the director's own: such a server is refused
     * @param ports names of the interfaces in the order of their indices, for rules that name one
     */
    public DirectorAdmin(Director director, int connectionCapacity, Predicate<InetAddr> isLocal, List<String> ports) {
        this.director = director;
        this.editor = new TableEditor(director, isLocal);
        this.rules = new RuleTable(director, ports);
        this.connectionCapacity = connectionCapacity;
    }

    /** The services and servers behind. */
    public TableEditor editor() {
        return editor;
    }

    /** Notes the addresses that the dataplane answers for, as part of the image. */
    public void addresses(List<OwnedAddress> owned) {
        addresses = List.copyOf(owned);
    }

    @Override
    public int addService(ServiceSpec service) {
        return editor.addService(service);
    }

    @Override
    public int editService(ServiceSpec service) {
        return editor.editService(service);
    }

    @Override
    public int deleteService(ServiceKey service) {
        return editor.deleteService(service);
    }

    @Override
    public int addServer(ServiceKey service, ServerSpec server) {
        return editor.addServer(service, server);
    }

    @Override
    public int editServer(ServiceKey service, ServerSpec server) {
        return editor.editServer(service, server);
    }

    @Override
    public int deleteServer(ServiceKey service, InetAddr address, int port) {
        return editor.deleteServer(service, address, port);
    }

    @Override
    public int flush() {
        return editor.flush();
    }

    @Override
    public int zero(@Nullable ServiceKey service) {
        return editor.zero(service);
    }

    @Override
    public int setTimeouts(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {
        return editor.setTimeouts(tcpSeconds, tcpFinSeconds, udpSeconds);
    }

    @Override
    public int setSysctl(String name, String value) {
        return director.tunables().set(name, value);
    }

    @Override
    public @Nullable String sysctl(String name) {
        return director.tunables().text(name);
    }

    @Override
    public CommandResult replaceRules(String text) {
        return rules.replace(text);
    }

    @Override
    public CommandResult replaceTable(List<ServiceConfig> services) {
        return new TableReplacement(editor).apply(services);
    }

    @Override
    public int startDaemon(SyncDaemonSpec daemon) {
        if (daemon.state() != SyncDaemonSpec.MASTER && daemon.state() != SyncDaemonSpec.BACKUP) {
            return Errno.EINVAL;
        }
        if (daemons.stream().anyMatch(running -> running.state() == daemon.state())) {
            return Errno.EEXIST;
        }
        daemons.add(daemon);
        daemons.sort(Comparator.comparingInt(SyncDaemonSpec::state));
        return Errno.OK;
    }

    @Override
    public int stopDaemon(int state) {
        return daemons.removeIf(running -> running.state() == state) ? Errno.OK : Errno.ESRCH;
    }

    @Override
    public TableImage image() {
        final List<ServiceImage> services = new ArrayList<>();
        for (final VirtualService service : editor.services()) {
            final List<ServerImage> servers = new ArrayList<>();
            for (final RealServer server : service.config().servers()) {
                servers.add(new ServerImage(server.spec(), server.slot()));
            }
            services.add(0, new ServiceImage(service.config().spec(), service.slot(), servers));
        }
        final Map<String, String> sysctls = new TreeMap<>();
        for (final String name : Tunables.names()) {
            sysctls.put(name, String.valueOf(director.tunables().text(name)));
        }
        final Timeouts timeouts = director.timeouts();
        return new TableImage(
                connectionCapacity,
                director.records().workers(),
                timeouts.tcpSeconds(),
                timeouts.tcpFinSeconds(),
                timeouts.udpSeconds(),
                services,
                editor.removed(),
                sysctls,
                rules.text(),
                daemons,
                addresses);
    }

    /** Makes an empty director what it was when the image was written. Connections follow separately. */
    public void adopt(TableImage image) {
        editor.adopt(image.services(), image.removed());
        editor.setTimeouts(image.tcpTimeout(), image.tcpFinTimeout(), image.udpTimeout());
        image.sysctls().forEach(director.tunables()::set);
        rules.replace(image.rules());
        daemons.addAll(image.daemons());
        addresses = image.addresses();
    }
}
