// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Packet builders, readers and fakes for tests. Nothing here is fast, everything is plain. */
@NullMarked
package org.ulvs.testkit;

import org.jspecify.annotations.NullMarked;
