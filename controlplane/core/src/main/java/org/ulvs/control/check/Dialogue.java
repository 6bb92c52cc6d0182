// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.check;

import org.ulvs.control.check.Expectation.Verdict;

/** What is said over a connection and how the answer is judged; for one attempt. */
interface Dialogue {
    /** Bytes to send, empty for none. */
    byte[] request();

    /** Whether an answer is wanted; if not, a connection is enough. */
    boolean wantsAnswer();

    /**
     * Judges the answer so far.
     *
     * @param answer bytes as ISO 8859-1
     * @param complete whether nothing more will come
     */
    Verdict judge(String answer, boolean complete);

    /** After a verdict: what decided it, for people. */
    String reason();
}
