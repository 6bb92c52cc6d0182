// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.tools.ipvsadm;

import org.jspecify.annotations.Nullable;
import org.ulvs.cnc.InetAddr;

/** Text forms of addresses, as inet_aton, inet_pton and inet_ntop understand and write them. */
final class Addresses {
    private Addresses() {}

    /** One to four numbers with dots, decimal, octal or hexadecimal; the last fills the rest. Null if it is none. */
    static @Nullable InetAddr inetAton(String text) {
        final String[] parts = split(text, '.');
        if (parts.length > 4) {
            return null;
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            final boolean last = i == parts.length - 1;
            final long part = cNumber(parts[i]);
            final long max = last ? 0xFFFF_FFFFL >>> (8 * i) : 0xFF;
            if (part < 0 || part > max) {
                return null;
            }
            address |= last ? part : part << (24 - 8 * i);
        }
        return InetAddr.v4((int) address);
    }

    private static long cNumber(String text) {
        final int radix;
        final String digits;
        if (text.startsWith("0x") || text.startsWith("0X")) {
            radix = 16;
            digits = text.substring(2);
        } else {
            radix = text.length() > 1 && text.charAt(0) == '0' ? 8 : 10;
            digits = text;
        }
        if (digits.isEmpty() || digits.length() > 12) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            final int digit = Character.digit(digits.charAt(i), radix);
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    private static String[] split(String text, char separator) {
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            count += text.charAt(i) == separator ? 1 : 0;
        }
        final String[] parts = new String[count];
        int start = 0;
        for (int i = 0; i < count; i++) {
            final int end = i == count - 1 ? text.length() : text.indexOf(separator, start);
            parts[i] = text.substring(start, end);
            start = end + 1;
        }
        return parts;
    }

    /** An IPv6 address, or null if it is none. */
    static @Nullable InetAddr inetPton6(String text) {
        final int gap = text.indexOf("::");
        if (text.indexOf(':') < 0 || (gap >= 0 && text.indexOf("::", gap + 1) >= 0)) {
            return null;
        }
        final int[] words = new int[8];
        if (gap < 0) {
            return words(text, words, 0) == 8 ? of(words) : null;
        }
        final String head = text.substring(0, gap);
        final String tail = text.substring(gap + 2);
        final int headCount = head.isEmpty() ? 0 : words(head, words, 0);
        final int[] tailWords = new int[8];
        final int tailCount = tail.isEmpty() ? 0 : words(tail, tailWords, 0);
        if (headCount < 0 || tailCount < 0 || headCount + tailCount > 7) {
            return null;
        }
        System.arraycopy(tailWords, 0, words, 8 - tailCount, tailCount);
        return of(words);
    }

    private static int words(String text, int[] words, int from) {
        final String[] parts = split(text, ':');
        int count = from;
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                final long v4 = dottedQuad(parts[i]);
                if (v4 < 0 || count > 6) {
                    return -1;
                }
                words[count++] = (int) (v4 >>> 16);
                words[count++] = (int) (v4 & 0xFFFF);
            } else {
                final int word = hexWord(parts[i]);
                if (word < 0 || count > 7) {
                    return -1;
                }
                words[count++] = word;
            }
        }
        return count;
    }

    private static int hexWord(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            final int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static long dottedQuad(String text) {
        final String[] parts = split(text, '.');
        long address = 0;
        for (final String part : parts) {
            if (parts.length != 4 || part.isEmpty() || part.length() > 3 || !Numbers.isDigits(part, 0)) {
                return -1;
            }
            if (part.length() > 1 && part.charAt(0) == '0') {
                return -1;
            }
            final int value = Numbers.leading(part);
            if (value > 255) {
                return -1;
            }
            address = address << 8 | value;
        }
        return address;
    }

    /** Four decimal numbers with dots and nothing else, or null. */
    static @Nullable InetAddr inetPton4(String text) {
        final long address = dottedQuad(text);
        return address < 0 ? null : InetAddr.v4((int) address);
    }

    private static InetAddr of(int[] words) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | words[i];
            low = low << 16 | words[i + 4];
        }
        return new InetAddr(6, high, low);
    }

    /** The address as inet_ntop writes it. */
    static String text(InetAddr address) {
        return address.family() == 4 ? text4(address.asV4()) : text6(address);
    }

    static String text4(int address) {
        final StringBuilder out = new StringBuilder(15);
        return out.append(address >>> 24)
                .append('.')
                .append(address >>> 16 & 0xFF)
                .append('.')
                .append(address >>> 8 & 0xFF)
                .append('.')
                .append(address & 0xFF)
                .toString();
    }

    private static int word(InetAddr address, int index) {
        final long half = index < 4 ? address.high() : address.low();
        return (int) (half >>> (48 - 16 * (index & 3)) & 0xFFFF);
    }

    private static String text6(InetAddr address) {
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && word(address, end) == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
        }
        final boolean embedsV4 = gapStart == 0 && (gapLength == 6 || (gapLength == 5 && word(address, 5) == 0xFFFF));
        final int words = embedsV4 ? 6 : 8;
        final StringBuilder out = new StringBuilder(39);
        for (int i = 0; i < words; i++) {
            if (i == gapStart) {
                out.append("::");
                i += gapLength - 1;
            } else {
                if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(word(address, i)));
            }
        }
        if (embedsV4) {
            if (out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(text4((int) address.low()));
        }
        return out.toString();
    }

    /**
     * Orders as the original's list does: by the signed difference of the first 32-bit word that differs. This is no
     * order in the mathematical sense, but it is the one that people's scripts have seen.
     */
    static int compare(InetAddr a, InetAddr b) {
        for (int word = 0; word < 4; word++) {
            final int difference = word32(a, word) - word32(b, word);
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private static int word32(InetAddr address, int index) {
        if (address.family() == 4) {
            return index == 0 ? address.asV4() : 0;
        }
        final long half = index < 2 ? address.high() : address.low();
        return (int) ((index & 1) == 0 ? half >>> 32 : half);
    }
}
