// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

/**
 * Ports from one to another.
 *
 * @param low first port
 * @param high last port
 */
record PortRange(int low, int high) {
    static final int MAX_PORT = 65_535;

    @Override
    public String toString() {
        return low == high ? Integer.toString(low) : low + ":" + high;
    }

    String listed(final boolean numeric, final PortNames names, final int protocol) {
        return low == high ? listed(low, numeric, names, protocol) : listedRange(numeric, names, protocol);
    }

    private String listedRange(final boolean numeric, final PortNames names, final int protocol) {
        return listed(low, numeric, names, protocol) + ":" + listed(high, numeric, names, protocol);
    }

    private static String listed(final int port, final boolean numeric, final PortNames names, final int protocol) {
        final String name = numeric ? null : names.name(port, protocol);
        return name == null ? Integer.toString(port) : name;
    }
}
