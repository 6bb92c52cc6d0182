// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * An address for which the dataplane answers.
 *
 * @param address the address
 * @param device interface on which it answers, empty for all, or {@link #NOWHERE}
 */
public record OwnedAddress(InetAddr address, String device) {
    /**
     * In place of a device: the dataplane does not answer for the address, whatever the table says, since another
     * director has taken it over. Owning it again ends that.
     */
    public static final String NOWHERE = "-";
}
