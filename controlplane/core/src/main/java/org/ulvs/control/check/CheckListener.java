// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

/** Hears what checks find, on the engine's thread: it must return at once. */
public interface CheckListener {
    /**
     * A check has ended.
     *
     * @param id under which it was added
     * @param spec what was checked
     * @param outcome what was found
     */
    void onOutcome(String id, CheckSpec spec, CheckOutcome outcome);

    /**
     * A check has come a step further.
     *
     * @param id under which it was added
     * @param step for people
     * @param nanos from the start of the check
     */
    default void onStep(String id, String step, long nanos) {
        // most do not care
    }
}
