// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Two directors that watch each other: heartbeats, and the state machine that decides which one is active. */
@NullMarked
package org.ulvs.control.pulse;

import org.jspecify.annotations.NullMarked;
