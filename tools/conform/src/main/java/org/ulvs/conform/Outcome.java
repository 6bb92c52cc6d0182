// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import org.jspecify.annotations.Nullable;

/**
 * What became of one recording.
 *
 * @param file path as given
 * @param name of the scenario
 * @param verdict passed, failed, or refused because it is out of scope
 * @param difference the first one, for a failed replay
 * @param reason for a refusal, or for a replay that could not go on
 */
record Outcome(
        String file,
        String name,
        Verdict verdict,
        @Nullable Difference difference,
        @Nullable String reason) {
    /** How a replay ended. */
    enum Verdict {
        /** No difference. */
        PASSED,
        /** A difference, or an error. */
        FAILED,
        /** Out of scope, and said so. */
        REFUSED
    }
}
