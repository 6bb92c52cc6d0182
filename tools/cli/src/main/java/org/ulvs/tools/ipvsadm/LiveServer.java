// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.ulvs.cnc.ServerSpec;

/**
 * A real server with its numbers at one moment.
 *
 * @param spec as configured
 * @param active connections
 * @param inactive connections
 * @param persistent connection templates
 * @param overloaded whether it is over its upper threshold
 * @param stats since the last -Z
 * @param rates a second
 */
record LiveServer(
        ServerSpec spec, int active, int inactive, int persistent, boolean overloaded, Figures stats, Figures rates) {}
