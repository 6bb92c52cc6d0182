// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ulvs.web.auth.PasswordFile;
import org.ulvs.web.auth.TokenFile;

/** Sets the password of the configuration tool, or makes a token for programs. */
public final class PiranhaPasswd {
    private static final String USAGE = """
            Usage: ./ulvs piranha-passwd [--conf DIR] [--token NAME | --revoke NAME]

            Sets the password of the user "piranha": asks for it twice, or reads one line if the input is no terminal.

              --stdin   read one line, whatever the input is
              --conf    directory of the password file (default: /etc/sysconfig/ha/conf)
              --token   make a token for the REST interface and the metrics instead, and print it
              --revoke  end a token

            Examples:
              ./ulvs piranha-passwd
              ./ulvs piranha-passwd <secret-file
              ./ulvs piranha-passwd --token prometheus
            """;

    private PiranhaPasswd() {}

    /** Exit codes: 0 done, 1 not done, 2 wrong usage. */
    public static void main(String[] arguments) {
        final Optional<Console> console =
                Arrays.asList(arguments).contains("--stdin") ? Optional.empty() : Optional.ofNullable(System.console());
        System.exit(run(
                arguments,
                console.map(PiranhaPasswd::prompt).orElse(null),
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                System.out,
                System.err));
    }

    /** Asks without showing the answer. */
    @FunctionalInterface
    interface Prompt {
        String ask(String prompt);
    }

    private static Prompt prompt(Console console) {
        return prompt -> {
            final char[] typed = console.readPassword("%s", prompt);
            return typed == null ? "" : new String(typed);
        };
    }

    static int run(String[] arguments, @Nullable Prompt prompt, BufferedReader in, PrintStream out, PrintStream err) {
        Path conf = GuiOptions.DEFAULT_CONF;
        String token = "";
        String revoke = "";
        for (int i = 0; i < arguments.length; i++) {
            final boolean hasValue = i + 1 < arguments.length;
            if ("--help".equals(arguments[i]) || "-h".equals(arguments[i])) {
                out.print(USAGE);
                return 0;
            } else if ("--conf".equals(arguments[i]) && hasValue) {
                conf = Path.of(arguments[++i]);
            } else if ("--token".equals(arguments[i]) && hasValue) {
                token = arguments[++i];
            } else if ("--revoke".equals(arguments[i]) && hasValue) {
                revoke = arguments[++i];
            } else if (!"--stdin".equals(arguments[i])) {
                // a password on the command line would be seen by everybody on this machine
                err.println("piranha-passwd: unexpected argument; ./ulvs piranha-passwd --help explains it");
                return 2;
            }
        }
        try {
            Files.createDirectories(conf);
            if (!token.isEmpty()) {
                out.println(new TokenFile(GuiOptions.tokens(conf)).create(token));
                return 0;
            }
            if (!revoke.isEmpty()) {
                return revoke(conf, revoke, err);
            }
            return password(conf, prompt, in, out, err);
        } catch (IOException | IllegalArgumentException e) {
            err.println("piranha-passwd: " + e.getMessage());
            return 1;
        }
    }

    private static int revoke(Path conf, String name, PrintStream err) throws IOException {
        if (new TokenFile(GuiOptions.tokens(conf)).revoke(name)) {
            return 0;
        }
        err.println("piranha-passwd: there is no token \"" + name + '"');
        return 1;
    }

    private static int password(Path conf, @Nullable Prompt prompt, BufferedReader in, PrintStream out, PrintStream err)
            throws IOException {
        final String password;
        if (prompt == null) {
            password = Optional.ofNullable(in.readLine()).orElse("");
        } else {
            password = prompt.ask("New Password: ");
            final Optional<String> weakness = PasswordFile.weakness(password);
            if (weakness.isPresent()) {
                err.println("piranha-passwd: " + weakness.get());
                return 1;
            }
            final char[] again = prompt.ask("Verify: ").toCharArray();
            if (!Arrays.equals(password.toCharArray(), again)) {
                err.println("piranha-passwd: the two passwords differ; nothing has been changed");
                return 1;
            }
        }
        new PasswordFile(GuiOptions.password(conf)).set(password);
        out.println("The password of the user piranha has been set.");
        return 0;
    }
}
