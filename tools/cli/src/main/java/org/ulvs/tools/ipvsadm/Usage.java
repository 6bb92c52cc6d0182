// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The texts of -h and -v. */
final class Usage {
    /** The program ends with one of the texts, wherever the command came from. */
    static final class Wanted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final Command command;

        Wanted(Command command) {
            super(null, null, false, false);
            this.command = command;
        }

        Command command() {
            return command;
        }
    }

    /** The first line of both; what a program may look for in it is the version of the original. */
    static final String VERSION = "ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n";

    private Usage() {}

    /** What -h or -v prints. */
    static String text(Command command, String program, boolean withOwnOptions) {
        if (command == Command.VERSION) {
            return VERSION;
        }
        final String usage = resource("usage.txt").replace("%PROGRAM%", program);
        return VERSION + usage + (withOwnOptions ? resource("usage-ulvs.txt") : "");
    }

    private static String resource(String name) {
        try (InputStream in = Usage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (final IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
