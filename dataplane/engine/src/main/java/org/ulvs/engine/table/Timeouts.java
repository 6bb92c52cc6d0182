// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.table;

import static org.ulvs.cnc.ConnectionLayout.TICKS_PER_SECOND;

/**
 * Timeouts of connections in ticks of 10 ms. Immutable; the conductor publishes a changed copy and connections take it
 * at their next packet, as in the kernel.
 */
public final class Timeouts {
    /** The kernel's values in seconds: NONE, ESTABLISHED, SYN_SENT and so on. */
    private static final int[] TCP_SECONDS = {2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120};

    private static final int UDP_SECONDS = 300;
    private static final int ESTABLISHED = 1;
    private static final int FIN_WAIT = 4;
    /** Longest timeout that can be set: 31 days. */
    public static final int MAX_SECONDS = 31 * 24 * 3600;
    /** A new connection before its first state: 3 s. */
    public static final int NEW = 3 * TICKS_PER_SECOND;
    /** How long a connection or template that others depend on is kept on when it is due: 60 s. */
    public static final int CONTROLLING = 60 * TICKS_PER_SECOND;
    /** SCTP, established (the only SCTP state kept apart): 900 s. */
    public static final int SCTP = 900 * TICKS_PER_SECOND;

    private final int[] tcp;
    private final int udp;

    private Timeouts(int[] tcp, int udp) {
        this.tcp = tcp;
        this.udp = udp;
    }

    /** The kernel's defaults: 900, 120 and 300 s for {@code ipvsadm --set}. */
    public static Timeouts defaults() {
        final int[] ticks = new int[TCP_SECONDS.length];
        for (int i = 0; i < ticks.length; i++) {
            ticks[i] = TCP_SECONDS[i] * TICKS_PER_SECOND;
        }
        return new Timeouts(ticks, UDP_SECONDS * TICKS_PER_SECOND);
    }

    /** A copy with the three values of {@code ipvsadm --set}, in seconds; 0 leaves a value as it is. */
    public Timeouts with(int tcpSeconds, int tcpFinSeconds, int udpSeconds) {
        final int[] changed = tcp.clone();
        if (tcpSeconds != 0) {
            changed[ESTABLISHED] = tcpSeconds * TICKS_PER_SECOND;
        }
        if (tcpFinSeconds != 0) {
            changed[FIN_WAIT] = tcpFinSeconds * TICKS_PER_SECOND;
        }
        return new Timeouts(changed, udpSeconds != 0 ? udpSeconds * TICKS_PER_SECOND : udp);
    }

    /** First value of {@code ipvsadm --set}, seconds. */
    public int tcpSeconds() {
        return tcp[ESTABLISHED] / TICKS_PER_SECOND;
    }

    /** Second value of {@code ipvsadm --set}, seconds. */
    public int tcpFinSeconds() {
        return tcp[FIN_WAIT] / TICKS_PER_SECOND;
    }

    /** Third value of {@code ipvsadm --set}, seconds. */
    public int udpSeconds() {
        return udp / TICKS_PER_SECOND;
    }

    /** Timeout of a TCP state. */
    public int tcp(int state) {
        return tcp[state];
    }

    /** Timeout of UDP connections. */
    public int udp() {
        return udp;
    }
}
