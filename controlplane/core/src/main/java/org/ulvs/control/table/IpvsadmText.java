// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.table;

import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.control.lvscf.Ipv4;

/** Services and servers in ipvsadm's words, for people and for logs. */
public final class IpvsadmText {
    private IpvsadmText() {}

    /** {@code -t 192.168.26.10:80}, {@code -f 21}. */
    public static String service(ServiceKey key) {
        if (key.mark() != 0) {
            return "-f " + Integer.toUnsignedString(key.mark());
        }
        final String flag = switch (key.protocol()) {
            case 17 -> "-u ";
            case 132 -> "--sctp-service ";
            default -> "-t ";
        };
        return flag + address(key.address()) + ':' + key.port();
    }

    /** The arguments of a service: {@code -t 192.168.26.10:80 -s wlc -p 60}. */
    public static String service(ServiceSpec spec) {
        final StringBuilder text =
                new StringBuilder(service(spec.key())).append(" -s ").append(spec.scheduler());
        if (spec.persistentTimeout() > 0) {
            text.append(" -p ").append(spec.persistentTimeout());
            if (spec.netmask() != -1) {
                text.append(" -M ").append(Ipv4.text(spec.netmask()));
            }
        }
        if ((spec.flags() & ServiceSpec.ONE_PACKET) != 0) {
            text.append(" -o");
        }
        final int flags = spec.flags() & ServiceSpec.SCHEDULER_FLAGS;
        if (flags != 0) {
            final StringBuilder names = new StringBuilder();
            append(names, flags, 0x08, "flag-1");
            append(names, flags, 0x10, "flag-2");
            append(names, flags, 0x20, "flag-3");
            text.append(" -b ").append(names);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, int flags, int flag, String name) {
        if ((flags & flag) != 0) {
            text.append(text.isEmpty() ? "" : ",").append(name);
        }
    }

    /** {@code -r 10.11.12.1:80}. */
    public static String server(InetAddr address, int port) {
        return "-r " + address(address) + ':' + port;
    }

    /** The arguments of a server: {@code -r 10.11.12.1:80 -m -w 1}. */
    public static String server(ServerSpec spec) {
        final String method = switch (spec.method()) {
            case ServerSpec.DIRECT -> " -g";
            case ServerSpec.TUNNEL -> " -i";
            default -> " -m";
        };
        final String thresholds = (spec.upperThreshold() == 0 ? "" : " -x " + spec.upperThreshold())
                + (spec.lowerThreshold() == 0 ? "" : " -y " + spec.lowerThreshold());
        return server(spec.address(), spec.port()) + method + " -w " + spec.weight() + thresholds;
    }

    /** An address in text. */
    public static String address(InetAddr address) {
        if (address.family() == 4) {
            return Ipv4.text(address.asV4());
        }
        return String.format("[%016x%016x]", address.high(), address.low());
    }
}
