// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Connections: off-heap lines, index, states and timers. Single writer: the worker that owns the table. */
@NullMarked
package org.ulvs.engine.connection;

import org.jspecify.annotations.NullMarked;
