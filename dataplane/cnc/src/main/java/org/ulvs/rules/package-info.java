// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/** Firewall mark and source NAT rules in the language of iptables: parsed, edited, printed, compiled. */
@NullMarked
package org.ulvs.rules;

import org.jspecify.annotations.NullMarked;
