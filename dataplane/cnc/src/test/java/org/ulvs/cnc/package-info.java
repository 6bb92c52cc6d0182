// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Tests of the mapped files and the client. */
@NullMarked
package org.ulvs.cnc;

import org.jspecify.annotations.NullMarked;
