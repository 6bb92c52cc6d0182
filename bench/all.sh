# shellcheck shell=bash
# Everything that a benchmark needs; ULVS_ROOT is set before. Sourced, never run.
# shellcheck source=tools/launcher/all.sh
source "$ULVS_ROOT/tools/launcher/all.sh"
# shellcheck source=bench/common.sh
source "$ULVS_ROOT/bench/common.sh"
# shellcheck source=bench/json.sh
source "$ULVS_ROOT/bench/json.sh"
# shellcheck source=bench/lab.sh
source "$ULVS_ROOT/bench/lab.sh"
