// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

/** A value that cannot be read. */
final class ValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int column;
    private final String suggestion;
    private final String refusedBy;

    ValueException(int column, String reason, String suggestion, String refusedBy) {
        super(reason);
        this.column = column;
        this.suggestion = suggestion;
        this.refusedBy = refusedBy;
    }

    String reason() {
        final String message = getMessage();
        return message == null ? "" : message;
    }

    int column() {
        return column;
    }

    String suggestion() {
        return suggestion;
    }

    String refusedBy() {
        return refusedBy;
    }
}
