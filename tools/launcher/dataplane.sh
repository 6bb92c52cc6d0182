#!/usr/bin/env bash
# Starts the dataplane with the privileges that it needs and no others.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# shellcheck source=tools/launcher/all.sh
source "$ULVS_ROOT/tools/launcher/all.sh"

# Packet sockets and promiscuous mode, nft and routes; locked memory; pinned threads.
readonly CAPABILITIES='-all,+net_raw,+net_admin,+ipc_lock,+sys_nice'

build_if_needed
java_words dataplane
command=("${JAVA_WORDS[@]}" org.ulvs.engine.runtime.DataplaneMain "$@")
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
    exec setpriv --no-new-privs --inh-caps "$CAPABILITIES" --bounding-set "$CAPABILITIES" "${command[@]}"
fi
exec "${command[@]}"
