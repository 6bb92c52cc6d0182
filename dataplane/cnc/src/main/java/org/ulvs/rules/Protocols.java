// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

import java.util.List;
import java.util.Locale;

/** Names of protocols as iptables prints and takes them. */
final class Protocols {
    /** Any protocol. */
    static final int ALL = 0;
    /** Transmission control. */
    static final int TCP = 6;
    /** User datagrams. */
    static final int UDP = 17;
    /** Stream control transmission. */
    static final int SCTP = 132;

    private record Named(int number, String name) {}

    private static final List<Named> NAMES = List.of(
            new Named(ALL, "all"),
            new Named(1, "icmp"),
            new Named(2, "igmp"),
            new Named(4, "ipencap"),
            new Named(TCP, "tcp"),
            new Named(UDP, "udp"),
            new Named(33, "dccp"),
            new Named(41, "ipv6"),
            new Named(47, "gre"),
            new Named(50, "esp"),
            new Named(51, "ah"),
            new Named(89, "ospf"),
            new Named(94, "ipip"),
            new Named(103, "pim"),
            new Named(112, "vrrp"),
            new Named(115, "l2tp"),
            new Named(SCTP, "sctp"),
            new Named(136, "udplite"));

    private Protocols() {}

    /** The name, or the number in digits where there is no name. */
    static String name(final int number) {
        return NAMES.stream()
                .filter(named -> named.number == number)
                .map(Named::name)
                .findFirst()
                .orElse(Integer.toString(number));
    }

    /** The number of a name or of digits, -1 for neither. */
    static int number(final String text) {
        final String lower = text.toLowerCase(Locale.ROOT);
        for (final Named named : NAMES) {
            if (named.name.equals(lower)) {
                return named.number;
            }
        }
        return Numbers.parse(text, 255);
    }

    static boolean hasPorts(final int number) {
        return number == TCP || number == UDP || number == SCTP || number == 33 || number == 136;
    }
}
