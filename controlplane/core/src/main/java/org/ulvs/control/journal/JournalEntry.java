// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.journal;

import java.time.Instant;

/**
 * One thing that happened.
 *
 * @param time when
 * @param kind what sort of thing
 * @param subject what it happened to
 * @param text what happened and why
 */
public record JournalEntry(Instant time, Kind kind, String subject, String text) {
    /** Sorts of things. The names are what is kept on disk. */
    public enum Kind {
        /** The daemon itself. */
        DAEMON,
        /** The configuration. */
        CONFIGURATION,
        /** A check has changed its mind about a server. */
        CHECK,
        /** A weight. */
        WEIGHT,
        /** The other director. */
        PEER,
        /** A step of a takeover. */
        TAKEOVER,
        /** A command to the dataplane. */
        TABLE,
        /** The dataplane itself. */
        DATAPLANE
    }
}
