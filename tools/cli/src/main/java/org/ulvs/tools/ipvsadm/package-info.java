// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** A drop-in for the ipvsadm of LVS that talks to the dataplane. Kept free of libraries: it must start at once. */
@NullMarked
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.NullMarked;
