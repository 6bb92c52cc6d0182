// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.List;
import java.util.Optional;

/** All keys of lvs.cf by the kind of block that they stand in. */
public final class Keys {
    private Keys() {}

    /** The keys of a kind of block in the order of writing. */
    public static List<Key<?>> of(BlockKind kind) {
        return switch (kind) {
            case FILE -> GlobalKeys.ALL;
            case VIRTUAL, FAILOVER -> VirtualKeys.ALL;
            case SERVER -> ServerKeys.ALL;
        };
    }

    /** The key of a name in a kind of block. */
    public static Optional<Key<?>> find(BlockKind kind, String name) {
        for (final Key<?> key : of(kind)) {
            if (key.name().equals(name)) {
                return Optional.of(key);
            }
        }
        return Optional.empty();
    }

    static List<String> order(BlockKind kind) {
        return of(kind).stream().map(Key::name).toList();
    }
}
