// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.address;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.CncClient;
import org.ulvs.cnc.DataplaneException;
import org.ulvs.cnc.Errno;
import org.ulvs.cnc.HostAdmin;
import org.ulvs.cnc.InetAddr;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.cnc.OwnedAddress;

/** Gives addresses to a dataplane and takes them away: it answers ARP and echo for them. */
public final class AddressMain {
    private static final String USAGE = """
            Usage: ./ulvs address [--dir DIR] show
                   ./ulvs address [--dir DIR] add ADDRESS [dev DEVICE]
                   ./ulvs address [--dir DIR] delete ADDRESS
                   ./ulvs address [--dir DIR] announce ADDRESS

            The addresses that a dataplane owns besides those of its virtual services, as the address of the NAT router:
            it answers ARP and echo requests for them. They are not configured on the host.

              --dir      directory of the instance (default: ULVS_DIR, or /run/ulvs)
              show       "dev -": given up, since another director claimed it while pulse was gone; add takes it back
              add        owns the address on a device, or on all; sends gratuitous ARP
              delete     no longer owns it
              announce   sends gratuitous ARP once more

            Example:
              ./ulvs address add 10.11.12.10 dev eth1
            """;
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

    private AddressMain() {}

    /** Exit codes: 0 done, 1 refused or no dataplane, 2 wrong usage. */
    public static void main(String[] arguments) throws IOException {
        final List<String> words = new ArrayList<>(List.of(arguments));
        String directory =
                System.getenv().getOrDefault(InstanceFiles.DIRECTORY_VARIABLE, InstanceFiles.DEFAULT_DIRECTORY);
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(USAGE);
            return;
        }
        if (words.size() >= 2 && "--dir".equals(words.get(0))) {
            directory = words.get(1);
            words.subList(0, 2).clear();
        }
        try (CncClient client = CncClient.attach(Path.of(directory))) {
            System.exit(run(client, words));
        } catch (final DataplaneException down) {
            System.err.println("address: " + down.getMessage());
            System.exit(1);
        }
    }

    private static int run(CncClient client, List<String> words) {
        final String action = words.isEmpty() ? "" : words.get(0);
        if ("show".equals(action) && words.size() == 1) {
            client.tableImages().read().image().addresses().forEach(owned -> System.out.println(text(owned)));
            return 0;
        }
        final InetAddr address = words.size() >= 2 ? parse(words.get(1)) : null;
        final boolean onDevice = words.size() == 4 && "add".equals(action) && "dev".equals(words.get(2));
        if (address == null || (words.size() != 2 && !onDevice)) {
            return wrongUsage();
        }
        final HostAdmin host = client.host();
        return switch (action) {
            case "add" -> result(words, host.ownAddress(address, onDevice ? words.get(3) : ""));
            case "delete" -> result(words, host.disownAddress(address));
            case "announce" -> result(words, host.announceAddress(address));
            default -> wrongUsage();
        };
    }

    private static int wrongUsage() {
        System.err.println("address: wrong usage; ./ulvs address --help explains it");
        return 2;
    }

    private static int result(List<String> words, int errno) {
        if (errno == Errno.OK) {
            return 0;
        }
        final String reason = switch (errno) {
            case Errno.ENODEV -> "the dataplane has no interface " + words.get(words.size() - 1);
            case Errno.EADDRNOTAVAIL -> "the dataplane does not own " + words.get(1);
            default -> "refused with error " + errno;
        };
        System.err.println("address: " + reason);
        return 1;
    }

    private static String text(OwnedAddress owned) {
        final int address = owned.address().asV4();
        final String dotted = (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "."
                + (address & 0xff);
        return owned.device().isEmpty() ? dotted : dotted + " dev " + owned.device();
    }

    private static @Nullable InetAddr parse(String text) {
        final Matcher dotted = IPV4.matcher(text);
        if (!dotted.matches()) {
            return null;
        }
        int address = 0;
        for (int group = 1; group <= 4; group++) {
            final int part = Integer.parseInt(dotted.group(group));
            if (part > 255) {
                return null;
            }
            address = address << 8 | part;
        }
        return InetAddr.v4(address);
    }
}
