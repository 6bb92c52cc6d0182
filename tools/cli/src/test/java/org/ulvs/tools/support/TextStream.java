// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.support;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A stream for a program under test, whose text can be read. */
public final class TextStream extends PrintStream {
    private final ByteArrayOutputStream bytes;

    public TextStream() {
        this(new ByteArrayOutputStream());
    }

    private TextStream(ByteArrayOutputStream bytes) {
        super(bytes, true, StandardCharsets.UTF_8);
        this.bytes = bytes;
    }

    /** What was written since the last {@link #reset}. */
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Forgets what was written. */
    public void reset() {
        bytes.reset();
    }
}
