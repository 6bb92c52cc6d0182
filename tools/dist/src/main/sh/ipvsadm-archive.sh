#!/bin/sh
# Makes the archive of loaded classes with which ipvsadm starts at once, and the files of options that go with it.
# usage: ipvsadm-archive.sh JAVA_HOME DIST JVM_OPTIONS_FOLDER
set -eu
# shellcheck source=tools/dist/src/main/sh/archive.sh
. "${0%/*}/archive.sh"

class_path=
for jar in ulvs-tools ulvs-cnc agrona; do
    for file in "$dist/lib/$jar"-[0-9]*.jar; do
        class_path=${class_path:+$class_path:}$file
    done
done

options=$dist/ipvsadm.options
forget ipvsadm
{
    sed -e '/^#/d' -e '/^-Xshare/d' "$flags/common.options" "$flags/tools.options"
    # nothing but what the program itself says
    echo "-Xlog:disable"
    echo "-Xlog:all=error:stderr"
    echo "-cp"
    echo "\"$class_path\""
} >"$options"
"$java" "@$options" "$(recording ipvsadm)" org.ulvs.tools.ipvsadm.Training
recorded ipvsadm
