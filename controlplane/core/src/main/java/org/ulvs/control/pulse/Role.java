// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.pulse;

import org.jspecify.annotations.Nullable;

/** Which of the two directors a node is; fixed by its address. */
public enum Role {
    /** The one that lvs.cf calls primary. */
    PRIMARY(1),
    /** The one that lvs.cf calls backup. */
    BACKUP(2);

    private final int code;

    Role(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static @Nullable Role of(int code) {
        if (code == PRIMARY.code) {
            return PRIMARY;
        }
        return code == BACKUP.code ? BACKUP : null;
    }

    /** The other one. */
    public Role other() {
        return this == PRIMARY ? BACKUP : PRIMARY;
    }
}
