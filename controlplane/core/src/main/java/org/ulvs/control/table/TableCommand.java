// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.OwnedAddress;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.TableAdmin;

/** One change of the dataplane. */
public sealed interface TableCommand {
    /** Gives the command; returns {@link org.ulvs.cnc.Errno}, or 0 where the result comes later. */
    int apply(TableAdmin table, HostAdmin host);

    /** Whether it can be sent without waiting for the reply to the one before. */
    default boolean pipelined() {
        return true;
    }

    /** In ipvsadm's words where it has them. */
    String describe();

    /** A new service. */
    record AddService(ServiceSpec spec) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return table.addService(spec);
        }

        @Override
        public String describe() {
            return "ipvsadm -A " + IpvsadmText.service(spec);
        }
    }

    /** Another scheduler or persistence. */
    record EditService(ServiceSpec spec) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return table.editService(spec);
        }

        @Override
        public String describe() {
            return "ipvsadm -E " + IpvsadmText.service(spec);
        }
    }

    /** A service that is no longer wanted. */
    record DeleteService(ServiceKey key) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return table.deleteService(key);
        }

        @Override
        public String describe() {
            return "ipvsadm -D " + IpvsadmText.service(key);
        }
    }

    /** A new server. */
    record AddServer(ServiceKey key, ServerSpec spec) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return table.addServer(key, spec);
        }

        @Override
        public String describe() {
            return "ipvsadm -a " + IpvsadmText.service(key) + ' ' + IpvsadmText.server(spec);
        }
    }

    /** Another weight, method or threshold. */
    record EditServer(ServiceKey key, ServerSpec spec) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return table.editServer(key, spec);
        }

        @Override
        public String describe() {
            return "ipvsadm -e " + IpvsadmText.service(key) + ' ' + IpvsadmText.server(spec);
        }
    }

    /** A server that is no longer wanted. */
    record DeleteServer(ServiceKey key, InetAddr address, int port) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return table.deleteServer(key, address, port);
        }

        @Override
        public String describe() {
            return "ipvsadm -d " + IpvsadmText.service(key) + ' ' + IpvsadmText.server(address, port);
        }
    }

    /** Other timeouts. */
    record SetTimeouts(int tcp, int tcpFin, int udp) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return table.setTimeouts(tcp, tcpFin, udp);
        }

        @Override
        public String describe() {
            return "ipvsadm --set " + tcp + ' ' + tcpFin + ' ' + udp;
        }
    }

    /** An address to answer for. */
    record Own(OwnedAddress owned) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return host.ownAddress(owned.address(), owned.device());
        }

        @Override
        public boolean pipelined() {
            return false;
        }

        @Override
        public String describe() {
            return "own " + IpvsadmText.address(owned.address()) + " on " + owned.device();
        }
    }

    /** An address not to answer for any longer. */
    record Disown(InetAddr address) implements TableCommand {
        @Override
        public int apply(TableAdmin table, HostAdmin host) {
            return host.disownAddress(address);
        }

        @Override
        public boolean pipelined() {
            return false;
        }

        @Override
        public String describe() {
            return "disown " + IpvsadmText.address(address);
        }
    }
}
