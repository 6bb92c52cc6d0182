// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** What the director does now: table, counters, history, journal. */
@NullMarked
package org.ulvs.web.live;

import org.jspecify.annotations.NullMarked;
