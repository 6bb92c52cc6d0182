// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

/**
 * An interface of the dataplane.
 *
 * @param index position in the dataplane's list of interfaces
 * @param name of the interface
 * @param outside whether clients are there
 * @param inside whether real servers are there
 */
record Port(int index, String name, boolean outside, boolean inside) {
    /** Longest name that the kernel gives an interface. */
    static final int MAX_NAME_LENGTH = 15;
}
