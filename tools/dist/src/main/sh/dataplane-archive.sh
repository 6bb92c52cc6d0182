#!/bin/sh
# Makes the archive of loaded classes with which the dataplane starts sooner. It is recorded while a dataplane without
# interfaces, which needs no rights, gets a table from ipvsadm and ends; so it is made after ipvsadm's own archive.
# usage: dataplane-archive.sh JAVA_HOME DIST JVM_OPTIONS_FOLDER IPVSADM
set -eu
# shellcheck source=tools/dist/src/main/sh/archive.sh
. "${0%/*}/archive.sh"
ipvsadm=$4

# The same words as in the launcher: an archive is of use to the class path that it was made with.
run() {
    option=$1
    shift
    exec "$java" "@$flags/common.options" "@$flags/dataplane.options" -cp "$dist/lib/*" "$option" \
        org.ulvs.engine.runtime.DataplaneMain --dir "$folder" --connections 1024 "$@"
}

forget dataplane
folder=$(mktemp -d)
run "$(recording dataplane)" >"$folder/log" 2>&1 &
dataplane=$!
trap 'kill -KILL $dataplane 2>/dev/null || :; rm -rf "$folder"' EXIT
tries=0
until printf '%s\n' '-A -t 192.0.2.1:80 -s wlc' '-a -t 192.0.2.1:80 -r 192.0.2.2:80 -m' '-A -u 192.0.2.1:53 -s rr' \
    | ULVS_DIR=$folder ULVS_DIST=$dist "$ipvsadm" -R >"$folder/said" 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 100 ] || ! kill -0 "$dataplane" 2>/dev/null; then
        cat "$folder/log" "$folder/said" >&2
        exit 1
    fi
    sleep 0.1
done
kill -TERM "$dataplane"
wait "$dataplane"
trap 'rm -rf "$folder"' EXIT
recorded dataplane
# What cannot be started with is noticed here.
(run "@$dist/dataplane.archive" --help >/dev/null)
