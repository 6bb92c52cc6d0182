#!/usr/bin/env bash
# Starts the Piranha configuration tool without privileges: as the user piranha where there is one.
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

readonly PIRANHA_USER=${ULVS_PIRANHA_USER:-piranha}

build_if_needed
java_words web
command=("${JAVA_WORDS[@]}" org.ulvs.web.PiranhaGui "$@")
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
    privileges=(--no-new-privs --inh-caps=-all --bounding-set=-all)
    if id -u "$PIRANHA_USER" >/dev/null 2>&1; then
        privileges+=(--reuid "$PIRANHA_USER" --regid "$PIRANHA_USER" --init-groups)
    else
        warn "there is no user $PIRANHA_USER: the tool runs as root without any capability (docs/web.md says more)."
    fi
    exec setpriv "${privileges[@]}" "${command[@]}"
fi
exec "${command[@]}"
