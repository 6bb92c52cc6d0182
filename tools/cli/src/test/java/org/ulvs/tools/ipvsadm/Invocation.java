// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;

/**
 * One run of ipvsadm inside the test.
 *
 * @param status exit status
 * @param out what it wrote to stdout
 * @param err what it wrote to stderr
 */
record Invocation(int status, String out, String err) {
    /** The name under which the recordings were made. */
    static final String PROGRAM = "/usr/sbin/ipvsadm";

    static Invocation of(Path directory, String stdin, String... args) {
        return of(directory, () -> 0, stdin, args);
    }

    static Invocation of(Path directory, NanoClock clock, String stdin, String... args) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final Ipvsadm ipvsadm = new Ipvsadm(
                PROGRAM,
                directory,
                false,
                new SystemNames(resource("hosts"), resource("services"), false),
                SystemEpochClock.INSTANCE,
                clock,
                2_000);
        final int status = ipvsadm.run(
                args,
                new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8));
        return new Invocation(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Path resource(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(Invocation.class.getResource(name)).toURI());
        } catch (final URISyntaxException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
