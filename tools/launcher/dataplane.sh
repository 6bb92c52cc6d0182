#!/usr/bin/env bash
# Starts the dataplane with the privileges that it needs and no others.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# shellcheck source=tools/launcher/common.sh
source "$ULVS_ROOT/tools/launcher/common.sh"
# shellcheck source=tools/launcher/packages.sh
source "$ULVS_ROOT/tools/launcher/packages.sh"
# shellcheck source=tools/launcher/java.sh
source "$ULVS_ROOT/tools/launcher/java.sh"
# shellcheck source=tools/launcher/build.sh
source "$ULVS_ROOT/tools/launcher/build.sh"

# Packet sockets and promiscuous mode, nft and routes; locked memory; pinned threads.
readonly CAPABILITIES='-all,+net_raw,+net_admin,+ipc_lock,+sys_nice'

build_if_needed
java_words dataplane
command=("${JAVA_WORDS[@]}" org.ulvs.engine.runtime.DataplaneMain "$@")
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
    exec setpriv --no-new-privs --inh-caps "$CAPABILITIES" --bounding-set "$CAPABILITIES" "${command[@]}"
fi
exec "${command[@]}"
