// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;

/**
 * What steering depends on besides the interface.
 *
 * @param owned our own addresses
 * @param inside networks of the real servers
 */
record SteeringPlan(List<Steering.Prefix> owned, List<Steering.Prefix> inside) {
    /** Nothing is ours, nothing is inside. */
    static final SteeringPlan EMPTY = new SteeringPlan(List.of(), List.of());
}
