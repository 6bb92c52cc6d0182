// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web.panel;

/**
 * What surrounds every panel.
 *
 * @param title of the panel
 * @param tab which tab is lit, empty for none
 * @param user who is logged in, empty for nobody
 * @param csrf the word that every form carries
 * @param notice a sentence at the top, empty for none
 * @param host name of this director
 * @param failoverMode whether failover services take the place of virtual servers
 * @param serial of lvs.cf as it is
 * @param appliedSerial that pulse has loaded, -1 where it is not known
 * @param refreshSeconds for browsers without script: load the page again after so long; 0 for never
 */
public record Page(
        String title,
        String tab,
        String user,
        String csrf,
        String notice,
        String host,
        boolean failoverMode,
        long serial,
        long appliedSerial,
        int refreshSeconds) {
    /** Whether somebody is logged in. */
    public boolean loggedIn() {
        return !user.isEmpty();
    }

    /** For the tab's aria-current: {@code page} or null. */
    public @org.jspecify.annotations.Nullable String current(String other) {
        return tab.equals(other) ? "page" : null;
    }

    /** Whether lvs.cf has been changed since pulse loaded it. */
    public boolean unapplied() {
        return appliedSerial >= 0 && serial != appliedSerial;
    }

    Page refreshing(int seconds) {
        return new Page(
                title, tab, user, csrf, notice, host, failoverMode, serial, appliedSerial, Math.max(0, seconds));
    }
}
