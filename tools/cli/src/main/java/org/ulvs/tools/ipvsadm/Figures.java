// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

/**
 * Statistics and rates of a service or server as they are shown: since the last -Z, and a second.
 *
 * @param connections scheduled
 * @param inPackets from clients
 * @param outPackets from servers
 * @param inBytes from clients
 * @param outBytes from servers
 */
record Figures(long connections, long inPackets, long outPackets, long inBytes, long outBytes) {
    static final Figures ZERO = new Figures(0, 0, 0, 0, 0);

    static Figures of(long[] values) {
        return new Figures(values[0], values[1], values[2], values[3], values[4]);
    }
}
