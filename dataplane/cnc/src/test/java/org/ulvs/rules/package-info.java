// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.ulvs.rules;

import org.jspecify.annotations.NullMarked;
