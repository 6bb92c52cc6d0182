// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** What the tests of the tools share. */
@NullMarked
package org.ulvs.tools.support;

import org.jspecify.annotations.NullMarked;
