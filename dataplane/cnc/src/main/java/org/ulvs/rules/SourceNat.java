// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.rules;

/**
 * How the source of a packet is to be rewritten.
 *
 * @param masquerade whether the address is that of the interface on which the packet leaves; else the range's
 * @param lowAddress first address to use, host order
 * @param highAddress last address to use, host order
 * @param lowPort first port to use, 0 where the rule leaves the choice
 * @param highPort last port to use, 0 where the rule leaves the choice
 */
public record SourceNat(boolean masquerade, int lowAddress, int highAddress, int lowPort, int highPort) {}
