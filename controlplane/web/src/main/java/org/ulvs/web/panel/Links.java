// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.ulvs.control.lvscf.Block;

/**
 * How a block is called in addresses and forms: its name; where an earlier block has the same name, with {@code
 * ~2} and so
 * on.
 */
public final class Blocks {
    private Blocks() {}

    /** The identifier of the block at an index. */
    public static String id(List<Block> blocks, int index) {
        final String name = blocks.get(index).name();
        final long earlier = blocks.subList(0, index).stream()
                .filter(block -> block.name().equals(name))
                .count();
        return earlier == 0 ? name : name + '~' + (earlier + 1);
    }

    /** The index of a block, -1 if there is none. */
    public static int index(List<Block> blocks, String id) {
        for (int i = 0; i < blocks.size(); i++) {
            if (id(blocks, i).equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /** The block of an identifier. */
    public static Optional<Block> find(List<Block> blocks, String id) {
        final int index = index(blocks, id);
        return index < 0 ? Optional.empty() : Optional.of(blocks.get(index));
    }

    /** For the query of an address. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
