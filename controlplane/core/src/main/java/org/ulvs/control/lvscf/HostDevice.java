// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.net.InetAddress;

/**
 * A floating address and the device it belongs to, as {@code 192.168.26.10 eth0:1}.
 *
 * @param address the address
 * @param device with its alias
 */
public record HostDevice(InetAddress address, String device) {
    /** The device without its alias: {@code eth0} of {@code eth0:1}. */
    public String baseDevice() {
        final int colon = device.indexOf(':');
        return colon < 0 ? device : device.substring(0, colon);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + ' ' + device;
    }
}
