// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** What the code that forwards costs: frames in memory, through the forwarder that the workers call. */
@NullMarked
package org.ulvs.bench.pipeline;

import org.jspecify.annotations.NullMarked;
