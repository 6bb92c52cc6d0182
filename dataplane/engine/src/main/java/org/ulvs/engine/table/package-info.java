// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Virtual services and real servers: edited by the conductor, published as snapshots to the workers. */
@NullMarked
package org.ulvs.engine.table;

import org.jspecify.annotations.NullMarked;
