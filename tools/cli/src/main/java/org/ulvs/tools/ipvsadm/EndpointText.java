// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServiceKey;

/** How addresses with ports are written, with names or without. */
final class EndpointText {
    private final @Nullable NameService names;

    /** Null for numbers only. */
    EndpointText(@Nullable NameService names) {
        this.names = names;
    }

    String of(InetAddr address, int port, String protocol) {
        return host(address) + ":" + port(port, protocol);
    }

    private String host(InetAddr address) {
        final String name = names == null ? null : names.hostName(address);
        final String text = name == null ? Addresses.text(address) : name;
        return address.family() == 6 ? "[" + text + "]" : text;
    }

    private String port(int port, String protocol) {
        final String name = names == null ? null : names.serviceName(port, protocol);
        return name == null ? Integer.toString(port) : name;
    }

    static String protocol(ServiceKey key) {
        return key.mark() != 0 ? "tcp" : Endpoint.protocolName(key.protocol());
    }

    /** The service's name in lists, for example {@code TCP  10.0.0.1:80}. */
    String listed(ServiceKey key) {
        if (key.mark() != 0) {
            return "FWM  " + key.mark() + (key.address().family() == 6 ? " IPv6" : "");
        }
        final String protocol = switch (key.protocol()) {
            case Request.IPPROTO_UDP -> "UDP  ";
            case Request.IPPROTO_SCTP -> "SCTP ";
            default -> "TCP  ";
        };
        return protocol + of(key.address(), key.port(), protocol(key));
    }

    /** The service as options of a rule, for example {@code -t 10.0.0.1:80}. */
    String rule(ServiceKey key, boolean unsignedMark) {
        if (key.mark() != 0) {
            final String mark = unsignedMark ? Integer.toUnsignedString(key.mark()) : Integer.toString(key.mark());
            return "-f " + mark + (key.address().family() == 6 ? " -6" : "");
        }
        final String option = switch (key.protocol()) {
            case Request.IPPROTO_UDP -> "-u ";
            case Request.IPPROTO_SCTP -> "--sctp-service ";
            default -> "-t ";
        };
        return option + of(key.address(), key.port(), protocol(key));
    }

    /** The persistence mask as -M takes it, or empty where it is the default. */
    static String mask(int netmask, int family) {
        if (family == 6) {
            return netmask == 128 ? "" : Integer.toString(netmask);
        }
        return netmask == -1 ? "" : Addresses.text4(netmask);
    }
}
