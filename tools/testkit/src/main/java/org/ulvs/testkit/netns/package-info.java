// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Network namespaces for tests: real kernels' neighbours for the dataplane, on one machine. Needs root. */
@NullMarked
package org.ulvs.testkit.netns;

import org.jspecify.annotations.NullMarked;
