// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Tests of ipvsadm. */
@NullMarked
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.NullMarked;
