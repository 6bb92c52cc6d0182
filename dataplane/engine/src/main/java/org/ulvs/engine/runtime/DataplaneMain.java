// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.engine.runtime;

import java.util.List;
import org.ulvs.cnc.InstanceFiles;

/** The dataplane process. */
public final class DataplaneMain {
    private DataplaneMain() {}

    /** Runs a dataplane until it is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) throws InterruptedException {
        try {
            final String variable = System.getenv(InstanceFiles.DIRECTORY_VARIABLE);
            final Options options =
                    Options.parse(arguments, variable == null ? InstanceFiles.DEFAULT_DIRECTORY : variable);
            if (options.help()) {
                System.out.print(Options.USAGE);
                return 0;
            }
            if (options.cleanup()) {
                new HostGuard(options.context().instance(), Nft::run).remove();
                return 0;
            }
            serve(options.context());
            return 0;
        } catch (final StartException e) {
            System.err.println("ulvs dataplane: " + e.getMessage());
            return e.exitCode();
        } catch (final HostGuard.GuardException e) {
            System.err.println("ulvs dataplane: " + e.getMessage());
            return StartException.LACKING;
        }
    }

    private static void serve(DataplaneContext context) throws InterruptedException {
        final Dataplane dataplane = Dataplane.launch(context.ownsProcess(true), DirectorForwarding::new);
        // a signal is an orderly end: exit code 0 instead of the 143 that the JVM would give
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            dataplane.close();
                            Runtime.getRuntime().halt(0);
                        },
                        "shutdown"));
        dataplane.await();
    }
}
