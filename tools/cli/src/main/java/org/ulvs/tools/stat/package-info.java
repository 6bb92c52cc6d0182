// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** {@code ulvs stat}: the counters of a dataplane. */
@NullMarked
package org.ulvs.tools.stat;

import org.jspecify.annotations.NullMarked;
