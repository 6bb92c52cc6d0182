// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.InetAddress;

/**
 * A server block.
 *
 * @param name after the keyword
 * @param line where the block starts
 * @param section its values
 * @param inheritedPort the virtual server's port as far as it was known where the block stands
 */
public record RealServer(String name, int line, Section section, int inheritedPort) {
    /** Whether it is in use. */
    public boolean active() {
        return section.value(ServerKeys.ACTIVE);
    }

    /** Its address; an active server of a usable configuration has one. */
    public InetAddress address() {
        return section.value(ServerKeys.ADDRESS);
    }

    /** Its port. */
    public int port() {
        return section.find(ServerKeys.PORT).orElse(inheritedPort);
    }

    /** The port that checks go to. */
    public int checkPort() {
        return section.find(ServerKeys.CHECK_PORT).orElseGet(this::port);
    }

    /** Its weight. */
    public int weight() {
        return section.value(ServerKeys.WEIGHT).intValue();
    }
}
