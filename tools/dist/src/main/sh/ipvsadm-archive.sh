#!/bin/sh
# Makes the archive of loaded classes with which ipvsadm starts at once, and the files of options that go with it.
# usage: ipvsadm-archive.sh JAVA_HOME DIST JVM_OPTIONS_FOLDER
set -eu
java=$1/bin/java
dist=$(cd "$2" && pwd)
flags=$3

version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
class_path=
for jar in ulvs-tools ulvs-cnc agrona; do
    for file in "$dist/lib/$jar"-[0-9]*.jar; do
        class_path=${class_path:+$class_path:}$file
    done
done

options=$dist/ipvsadm.options
archive=$dist/ipvsadm.jsa
rm -f "$archive" "$options" "$dist/ipvsadm.archive" "$dist/ipvsadm.java"
{
    sed -e '/^#/d' -e '/^-Xshare/d' "$flags/common.options" "$flags/tools.options"
    # nothing but what the program itself says
    echo "-Xlog:disable"
    echo "-Xlog:all=error:stderr"
    echo "-cp"
    echo "\"$class_path\""
} >"$options"

if [ "$version" -ge 25 ]; then
    set -- -XX:AOTCacheOutput="$archive"
    use="-XX:AOTCache=$archive"
else
    set -- -XX:ArchiveClassesAtExit="$archive"
    use="-XX:SharedArchiveFile=$archive"
fi
"$java" "@$options" "$@" org.ulvs.tools.ipvsadm.Training
[ -s "$archive" ] || {
    echo "ipvsadm-archive.sh: $java made no archive" >&2
    exit 1
}
{
    [ "$version" -ge 25 ] || echo "-Xshare:auto"
    echo "\"$use\""
} >"$dist/ipvsadm.archive"
echo "$java" >"$dist/ipvsadm.java"
