// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.control.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.ulvs.cnc.InstanceFiles;
import org.ulvs.control.lvscf.LvsCfFile;
import org.ulvs.control.pulse.PulseOptions;
import picocli.CommandLine.Option;

/** The option that says which dataplane, and which pulse beside it, a command is about. */
final class InstanceOption {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "the dataplane's directory; pulse keeps its state there too (default: $ULVS_DIR or /run/ulvs)")
    private Path directory = Path.of(Optional.ofNullable(System.getenv(InstanceFiles.DIRECTORY_VARIABLE))
            .orElse(InstanceFiles.DEFAULT_DIRECTORY));

    Path directory() {
        return directory;
    }

    /** Where a pulse of this instance keeps its files, for those who only read them. */
    PulseOptions files() {
        return new PulseOptions(LvsCfFile.DEFAULT_PATH, directory, false, false);
    }
}
