// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * A virtual service as a command describes it.
 *
 * @param key what names it
 * @param scheduler name, for example {@code wlc}
 * @param flags union of {@link #PERSISTENT}, {@link #ONE_PACKET} and the scheduler flags 0x08, 0x10, 0x20
 * @param persistentTimeout seconds, 0 where not persistent
 * @param netmask persistence mask: IPv4 as a host-order int, IPv6 as a prefix length
 */
public record ServiceSpec(ServiceKey key, String scheduler, int flags, int persistentTimeout, int netmask) {
    /** The service is persistent. */
    public static final int PERSISTENT = 0x01;
    /** One-packet scheduling. */
    public static final int ONE_PACKET = 0x04;
    /** All scheduler flags. */
    public static final int SCHEDULER_FLAGS = 0x38;
}
