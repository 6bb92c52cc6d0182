// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The dataplane process: conductor, workers, their rings and steering, and its place on the host's network. */
@NullMarked
package org.ulvs.engine.runtime;

import org.jspecify.annotations.NullMarked;
