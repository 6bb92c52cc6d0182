// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * A real server of the table image.
 *
 * @param spec as configured
 * @param slot number of its record in servers.dat
 */
public record ServerImage(ServerSpec spec, int slot) {}
