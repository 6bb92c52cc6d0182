// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.edit;

import java.nio.charset.Charset;

/**
 * An edited lvs.cf that is not written yet.
 *
 * @param baseHash of the file that it was made from
 * @param baseText that file
 * @param text the edited file; its serial_no is raised when it is written
 * @param charset of the file
 * @param summary what was done, for the journal: {@code changed virtual http}
 * @param back the panel that it comes from
 * @param next the panel to show once it is written
 */
public record Draft(
        String baseHash, String baseText, String text, Charset charset, String summary, String back, String next) {
    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        return baseText.equals(text);
    }
}
