# shellcheck shell=bash
# Everything that a script of the launcher needs; ULVS_ROOT is set before. Sourced, never run.
# shellcheck source=tools/launcher/common.sh
source "$ULVS_ROOT/tools/launcher/common.sh"
# shellcheck source=tools/launcher/packages.sh
source "$ULVS_ROOT/tools/launcher/packages.sh"
# shellcheck source=tools/launcher/java.sh
source "$ULVS_ROOT/tools/launcher/java.sh"
# shellcheck source=tools/launcher/build.sh
source "$ULVS_ROOT/tools/launcher/build.sh"
