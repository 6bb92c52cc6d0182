// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.cnc;

/**
 * What names a virtual service: protocol, address and port, or a firewall mark alone.
 *
 * @param protocol IP protocol number (6 TCP, 17 UDP, 132 SCTP), 0 for a firewall mark service
 * @param address virtual IP; for a mark service the zero address of its family
 * @param port 0 to 65535; 0 for all ports, and for a mark service
 * @param mark firewall mark as an unsigned 32-bit number in an int, 0 for none
 */
public record ServiceKey(int protocol, InetAddr address, int port, int mark) {}
