// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.lvscf;

import java.util.Collection;
import java.util.Locale;

/** Finds what a mistyped word was probably meant to be. */
final class DidYouMean {
    private DidYouMean() {}

    /** A suggestion, or an empty text when nothing comes close. */
    static String suggest(String word, Collection<String> known) {
        final String lower = word.toLowerCase(Locale.ROOT);
        String best = "";
        int bestDistance = Math.max(1, word.length() / 3) + 1;
        for (final String candidate : known) {
            final int distance = distance(lower, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "did you mean " + best + "?";
    }

    /** Edits between two words; neighbours swapped count once. */
    private static int distance(String a, String b) {
        final int[][] table = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                final int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(table[i - 1][j - 1] + change, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, table[i - 2][j - 2] + 1);
                }
                table[i][j] = least;
            }
        }
        return table[a.length()][b.length()];
    }
}
