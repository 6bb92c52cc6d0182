// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** The front ends of the rule table: iptables, iptables-save, iptables-restore. */
@NullMarked
package org.ulvs.tools.rules;

import org.jspecify.annotations.NullMarked;
