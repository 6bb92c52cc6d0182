// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.bench.report;

import java.io.Serial;

/** A file of a benchmark is not what the report reads; the message says which file, where in it, and what. */
final class InvalidResultException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    InvalidResultException(String message) {
        super(message);
    }
}
