// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvs;

/** What the role tells its owner, on the role's thread: implementations return at once. */
public interface LvsEvents {
    /** The order to serve has been carried out. */
    void onActivated();

    /** The order not to serve has been carried out. */
    void onDeactivated();

    /** The dataplane has been found alive or dead; told when it changes, and once at the start. */
    void onDataplane(boolean alive);

    /** A failover service of the active peer does not answer (fos). */
    default void onRemoteServiceFault(String text) {
        // lvs has none
    }
}
