// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** One packet's way: classification, connections, forwarding methods, answers of our own. Worker threads only. */
@NullMarked
package org.ulvs.engine.forward;

import org.jspecify.annotations.NullMarked;
