// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.conform;

import org.ulvs.cnc.Errno;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.ServerSpec;
import org.ulvs.cnc.ServiceKey;
import org.ulvs.cnc.ServiceSpec;
import org.ulvs.cnc.TableAdmin;
import org.ulvs.dr.Tunnel;
import org.ulvs.testkit.Addresses;
import org.ulvs.wire.Ipv4;

/** A line of {@code ipvsadm -R} as the recordings of packets have it: -A and -a with a few options. */
final class RuleLine {
    private final String[] words;
    private ServiceKey key = new ServiceKey(0, InetAddr.v4(0), 0, 0);
    private InetAddr server = InetAddr.v4(0);
    private int serverPort;
    private String scheduler = "wlc";
    private int flags;
    private int timeout;
    private int netmask = 0xFFFF_FFFF;
    private int method = ServerSpec.DIRECT;
    private int weight = 1;
    private int upperThreshold;
    private int lowerThreshold;
    private int tunnelType;
    private int tunnelPort;
    private int tunnelFlags;

    private RuleLine(String line) {
        words = line.strip().split("\\s+", -1);
        int i = 1;
        while (i < words.length) {
            i += option(i);
        }
    }

    /** Applies a line to a table. */
    static void apply(String line, TableAdmin table) {
        final RuleLine rule = new RuleLine(line);
        final int errno = switch (rule.words[0]) {
            case "-A" ->
                table.addService(new ServiceSpec(rule.key, rule.scheduler, rule.flags, rule.timeout, rule.netmask));
            case "-a" -> table.addServer(rule.key, rule.server());
            default -> throw new IllegalArgumentException("command is not understood: " + line);
        };
        if (errno != Errno.OK) {
            throw new IllegalStateException("refused with errno " + errno + ": " + line);
        }
    }

    private ServerSpec server() {
        return new ServerSpec(
                server,
                serverPort,
                method,
                weight,
                upperThreshold,
                lowerThreshold,
                tunnelType,
                tunnelPort,
                tunnelFlags);
    }

    private int option(int i) {
        final String value = i + 1 < words.length ? words[i + 1] : "";
        switch (words[i]) {
            case "-t" -> key = key(Ipv4.TCP, value);
            case "-u" -> key = key(Ipv4.UDP, value);
            case "--sctp-service" -> key = key(Ipv4.SCTP, value);
            case "-f" -> key = new ServiceKey(0, InetAddr.v4(0), 0, Integer.parseUnsignedInt(value));
            case "-s" -> scheduler = value;
            case "-p" -> {
                flags |= ServiceSpec.PERSISTENT;
                timeout = Integer.parseInt(value);
            }
            case "-M" -> netmask = Addresses.ip(value);
            case "-w" -> weight = Integer.parseInt(value);
            case "-x" -> upperThreshold = Integer.parseInt(value);
            case "-y" -> lowerThreshold = Integer.parseInt(value);
            case "-b" -> flags |= schedulerFlags(value);
            case "--tun-type" -> tunnelType = tunnelType(value);
            case "--tun-port" -> tunnelPort = Integer.parseInt(value);
            case "-r" -> {
                final String[] parts = value.split(":", -1);
                server = InetAddr.v4(Addresses.ip(parts[0]));
                serverPort = parts.length > 1 ? Integer.parseInt(parts[1]) : key.port();
            }
            default -> {
                return flag(words[i]);
            }
        }
        return 2;
    }

    private int flag(String word) {
        switch (word) {
            case "-m" -> method = ServerSpec.MASQUERADE;
            case "-g" -> method = ServerSpec.DIRECT;
            case "-i" -> method = ServerSpec.TUNNEL;
            case "--tun-nocsum" -> tunnelFlags = 0;
            case "--tun-csum" -> tunnelFlags |= Tunnel.CHECKSUM;
            case "--tun-remcsum" -> tunnelFlags |= Tunnel.REMOTE_CHECKSUM;
            case "-o", "-O" -> flags |= ServiceSpec.ONE_PACKET;
            default -> throw new IllegalArgumentException("option " + word + " is not supported in a recording");
        }
        return 1;
    }

    private static int tunnelType(String name) {
        return switch (name) {
            case "ipip" -> Tunnel.IPIP;
            case "gue" -> Tunnel.GUE;
            case "gre" -> Tunnel.GRE;
            default -> throw new IllegalArgumentException("tunnel type " + name + " is not understood");
        };
    }

    /** The flags of {@code -b}: a comma between their names. */
    static int schedulerFlags(String names) {
        int flags = 0;
        for (final String name : names.split(",", -1)) {
            flags |= switch (name) {
                case "sh-fallback", "mh-fallback", "flag-1" -> 0x08;
                case "sh-port", "mh-port", "flag-2" -> 0x10;
                case "flag-3" -> 0x20;
                default -> throw new IllegalArgumentException("scheduler flag " + name + " is not understood");
            };
        }
        return flags;
    }

    private static ServiceKey key(int protocol, String text) {
        final String[] parts = text.split(":", -1);
        return new ServiceKey(protocol, InetAddr.v4(Addresses.ip(parts[0])), Integer.parseInt(parts[1]), 0);
    }
}
