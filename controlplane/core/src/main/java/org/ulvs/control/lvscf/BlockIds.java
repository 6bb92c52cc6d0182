// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How blocks of one kind are told from each other: by their names; where an earlier block has the same name, by the
 * name with {@code ~2} and so on. lvs.cf does not want names to be unique.
 */
public final class BlockIds {
    private BlockIds() {}

    /** The identifiers of blocks with these names, in their order; no two are equal. */
    public static List<String> of(List<String> names) {
        final Set<String> taken = new HashSet<>(names);
        final Map<String, Integer> seen = new HashMap<>();
        final List<String> ids = new ArrayList<>(names.size());
        for (final String name : names) {
            String id = name;
            if (seen.containsKey(name)) {
                do {
                    id = name + '~' + seen.merge(name, 1, Integer::sum);
                } while (!taken.add(id));
            } else {
                seen.put(name, 1);
            }
            ids.add(id);
        }
        return List.copyOf(ids);
    }

    /** The identifiers of what has names, in its order. */
    public static <T> List<String> of(List<T> named, Function<T, String> name) {
        return of(named.stream().map(name).toList());
    }

    /** The one with an identifier among what has names. */
    public static <T> Optional<T> find(List<T> named, Function<T, String> name, String id) {
        final int index = of(named, name).indexOf(id);
        return index < 0 ? Optional.empty() : Optional.of(named.get(index));
    }

    /** The identifiers of blocks, in their order. */
    public static List<String> ofBlocks(List<Block> blocks) {
        return of(blocks, Block::name);
    }

    /** The block with an identifier. */
    public static Optional<Block> find(List<Block> blocks, String id) {
        return find(blocks, Block::name, id);
    }
}
