// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import java.net.InetAddress;
import java.util.function.Predicate;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * What pulse knows of its machine.
 *
 * @param clock for intervals
 * @param epochClock for what people read
 * @param localAddresses whether an address is this machine's
 */
public record PulseEnvironment(NanoClock clock, EpochClock epochClock, Predicate<InetAddress> localAddresses) {
    /** This machine. */
    public static PulseEnvironment system() {
        return new PulseEnvironment(SystemNanoClock.INSTANCE, SystemEpochClock.INSTANCE, Links::isLocal);
    }
}
