// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The control plane: what decides which services, servers and addresses a director serves. */
@NullMarked
package org.ulvs.control;

import org.jspecify.annotations.NullMarked;
