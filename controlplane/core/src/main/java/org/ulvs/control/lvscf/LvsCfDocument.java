// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.List;

/** The whole text of an lvs.cf, open for editing: {@code parse(text).text()} is the same text, byte for byte. */
public final class LvsCfDocument {
    private final Block file;
    private final boolean finalLineEnd;

    LvsCfDocument(Block file, boolean finalLineEnd) {
        this.file = file;
        this.finalLineEnd = finalLineEnd;
    }

    /** Reads a text without looking at its meaning. Lines that cannot be understood are kept as they are. */
    public static LvsCfDocument parse(String text) {
        return DocumentParser.parse(text, new Findings());
    }

    /** An empty document. */
    public static LvsCfDocument empty() {
        return parse("");
    }

    /** The global level. */
    public Block file() {
        return file;
    }

    /** Virtual server blocks in order. */
    public List<Block> virtualServers() {
        return file.blocks(BlockKind.VIRTUAL);
    }

    /** Failover blocks in order. */
    public List<Block> failoverServices() {
        return file.blocks(BlockKind.FAILOVER);
    }

    /** The text. */
    public String text() {
        final StringBuilder out = new StringBuilder();
        file.appendTo(out);
        if (!finalLineEnd) {
            if (out.length() > 0 && out.charAt(out.length() - 1) == '\n') {
                out.setLength(out.length() - 1);
            }
            if (out.length() > 0 && out.charAt(out.length() - 1) == '\r') {
                out.setLength(out.length() - 1);
            }
        }
        return out.toString();
    }

    /** The text in Piranha's order and indentation; comments and unknown keys are kept. */
    public String formatted() {
        return Formatter.format(this);
    }

    /** Raises serial_no by one and returns the new value; a missing or unreadable one counts as 0. */
    public long raiseSerial() {
        long serial = 0;
        try {
            serial = Integers.parse(file.value("serial_no").orElse("0"));
        } catch (NumberFormatException e) {
            // an unreadable number is replaced: the reader has said so already
            serial = 0;
        }
        file.set("serial_no", Long.toString(serial + 1));
        return serial + 1;
    }
}
