// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The scheduling algorithms of LVS: pure choices over a pool of real servers. */
@NullMarked
package org.ulvs.schedulers;

import org.jspecify.annotations.NullMarked;
