// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import java.util.List;
import org.ulvs.cnc.ServiceSpec;

/**
 * A virtual service with its numbers at one moment.
 *
 * @param spec as configured
 * @param stats since the last -Z
 * @param rates a second
 * @param servers of it
 */
record LiveService(ServiceSpec spec, Figures stats, Figures rates, List<LiveServer> servers) {}
