// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
/**
 * The rule table in the language of iptables: firewall marks (table mangle, chain PREROUTING) and source NAT (table
 * nat, chain POSTROUTING), read, edited, printed, and compiled for the packet path.
 */
@NullMarked
package org.ulvs.rules;

import org.jspecify.annotations.NullMarked;
