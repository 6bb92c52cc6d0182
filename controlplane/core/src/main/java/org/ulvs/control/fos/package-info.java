// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Failover services: programs on the directors themselves that run on one of them at a time. */
@NullMarked
package org.ulvs.control.fos;

import org.jspecify.annotations.NullMarked;
