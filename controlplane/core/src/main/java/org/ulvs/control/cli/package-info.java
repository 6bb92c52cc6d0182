// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The control plane's commands. */
@NullMarked
package org.ulvs.control.cli;

import org.jspecify.annotations.NullMarked;
