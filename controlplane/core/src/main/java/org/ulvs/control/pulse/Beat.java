// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import org.jspecify.annotations.Nullable;

/**
 * A heartbeat, or one of the messages that travel like one.
 *
 * @param kind what it says
 * @param running whether the sender serves
 * @param able whether the sender could serve: links up, dataplane alive, not held back
 * @param hearsYou whether the sender has heard the receiver within its deadtime
 * @param taking whether the sender is about to serve
 * @param leaving whether the sender serves and wants the receiver to take over
 * @param dataplaneAlive whether the sender's dataplane lives
 * @param serial of the sender's running configuration
 * @param configurationHash of the sender's running configuration and mark rules, hexadecimal; empty where unknown
 * @param yielded when the sender, serving, last yielded to the receiver, which served too; on a clock of its own, 0 for
 *     never: only whether it changes says something
 */
public record Beat(
        Kind kind,
        boolean running,
        boolean able,
        boolean hearsYou,
        boolean taking,
        boolean leaving,
        boolean dataplaneAlive,
        long serial,
        String configurationHash,
        long yielded) {
    /** What a message says. */
    public enum Kind {
        /** I am here. */
        BEAT(1),
        /** I stop now. */
        GOODBYE(2),
        /** Stop serving: I have taken over. */
        STEP_DOWN(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static @Nullable Kind of(int code) {
            for (final Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            return null;
        }
    }

    /** A beat as Piranha's four bytes can say it. */
    public static Beat compat(Kind kind, boolean running) {
        return new Beat(kind, running, true, true, false, false, true, 0, "", 0);
    }
}
