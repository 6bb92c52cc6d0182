// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.ulvs.cnc.Errno;
import org.ulvs.cnc.TableAdmin;

/** A line of {@code ipvsadm -R}, applied to a table in this process: what recordings and fixtures are set up with. */
public final class RuleLine {
    private RuleLine() {}

    /**
     * Applies a line that changes the table; addresses and ports have to be numbers.
     *
     * @throws RuntimeException if the line makes no sense or the table refuses it
     */
    public static void apply(String line, TableAdmin table) {
        final String[] words = Restore.words(line);
        if (words == null) {
            throw new IllegalArgumentException("an empty line is no command");
        }
        final int errno = Executor.apply(new RequestParser(NameService.NUMBERS_ONLY, "ipvsadm").parse(words), table);
        if (errno != Errno.OK) {
            throw new IllegalStateException("refused with errno " + errno + ": " + line);
        }
    }
}
