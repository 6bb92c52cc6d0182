// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

import org.jspecify.annotations.Nullable;

/**
 * Result of a command that may need words.
 *
 * @param errno {@link Errno}
 * @param detail what was wrong and where, for a person; null where there is nothing to add
 */
public record CommandResult(int errno, @Nullable String detail) {
    /** Done. */
    public static final CommandResult OK = new CommandResult(Errno.OK, null);

    /** A result without words. */
    public static CommandResult of(int errno) {
        return errno == Errno.OK ? OK : new CommandResult(errno, null);
    }

    /** A failure with an explanation. */
    public static CommandResult failed(int errno, String detail) {
        return new CommandResult(errno, detail);
    }
}
