// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Manners of a daemon: log, pid file, signals, going into the background. */
@NullMarked
package org.ulvs.control.daemon;

import org.jspecify.annotations.NullMarked;
