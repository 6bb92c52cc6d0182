#!/usr/bin/env bash
# Starts the Piranha configuration tool as a user of its own, which it makes where there is none.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# shellcheck source=tools/launcher/all.sh
source "$ULVS_ROOT/tools/launcher/all.sh"

readonly PIRANHA_USER=${ULVS_PIRANHA_USER:-piranha}
readonly PIRANHA_FOLDER=/etc/sysconfig/ha
configuration=$PIRANHA_FOLDER/lvs.cf
conf=$PIRANHA_FOLDER/conf
instance=${ULVS_DIR:-/run/ulvs}

# Of the tool's own arguments those that name files.
read_arguments() {
    while [ $# -gt 0 ]; do
        case $1 in
            --config) configuration=${2:-$configuration} ;;
            --conf) conf=${2:-$conf} ;;
            --dir) instance=${2:-$instance} ;;
            -h | --help) return 1 ;;
        esac
        shift
    done
}

make_user() {
    id -u "$PIRANHA_USER" >/dev/null 2>&1 && return 0
    command -v useradd >/dev/null 2>&1 || return 1
    say "== Making the system user $PIRANHA_USER, which the configuration tool runs as"
    getent group "$PIRANHA_USER" >/dev/null || groupadd --system "$PIRANHA_USER" || return 1
    useradd --system --gid "$PIRANHA_USER" --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin \
        --comment 'Piranha configuration tool' "$PIRANHA_USER"
}

user_group() { id -gn "$PIRANHA_USER"; }
as_user() { setpriv --reuid "$PIRANHA_USER" --regid "$(user_group)" --init-groups "$@"; }

# give_folder FOLDER FILE…: a folder that is missing, or is Piranha's own, becomes the user's with these files in it.
give_folder() {
    local folder=$1 file
    shift
    [ -d "$folder" ] || install -d -o "$PIRANHA_USER" -g "$(user_group)" -m 755 "$folder"
    [[ $folder/ != "$PIRANHA_FOLDER"/* ]] || chown "$PIRANHA_USER:" "$folder"
    if ! as_user test -w "$folder"; then
        warn "$PIRANHA_USER may not write in $folder: nothing in it can be changed there (chown $PIRANHA_USER: $folder)."
        return 0
    fi
    for file in "$@"; do
        [ ! -f "$folder/$file" ] || chown "$PIRANHA_USER:" "$folder/$file"
    done
}

# A pulse that was started before there was such a group has its socket for root alone.
give_socket() {
    local socket=$instance/pulse/sock
    [ -S "$socket" ] || return 0
    chgrp "$(user_group)" "$socket"
    chmod 660 "$socket"
}

# Prints what setpriv needs so that the tool has no right that it does not need.
privileges() {
    printf '%s\n' --no-new-privs --inh-caps=-all --bounding-set=-all
    if ! make_user >&2; then
        warn "there is no user $PIRANHA_USER and none can be made: the tool runs as root without any capability."
    elif ! as_user test -r "$ULVS_DIST/lib"; then
        warn "$PIRANHA_USER may not read $ULVS_ROOT: the tool runs as root without any capability."
    else
        give_folder "$(dirname "$configuration")" "$(basename "$configuration")" mark.rules
        give_folder "$conf" piranha.passwd piranha.tokens piranha.p12 piranha.journal
        give_socket
        printf '%s\n' --reuid "$PIRANHA_USER" --regid "$(user_group)" --init-groups
    fi
}

build_if_needed
journal_words web
command=("${JAVA_WORDS[@]}" org.ulvs.web.PiranhaGui "$@")
if read_arguments "$@" && [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
    privileges=$(privileges)
    mapfile -t words <<<"$privileges"
    exec setpriv "${words[@]}" "${command[@]}"
fi
exec "${command[@]}"
