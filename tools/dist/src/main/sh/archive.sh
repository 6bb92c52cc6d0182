# shellcheck shell=sh disable=SC2034
# What the makers of archives share: a program records the classes that it loads, and starts with them from then on.
# Sourced with JAVA_HOME DIST JVM_OPTIONS_FOLDER, never run.
java=$1/bin/java
dist=$(cd "$2" && pwd)
flags=$3
version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')

# forget NAME: what an earlier build left.
forget() { rm -f "$dist/$1.jsa" "$dist/$1.archive" "$dist/$1.java"; }

# recording NAME: the option that makes a program leave an archive at its end.
recording() {
    if [ "$version" -ge 25 ]; then
        echo "-XX:AOTCacheOutput=$dist/$1.jsa"
    else
        echo "-XX:ArchiveClassesAtExit=$dist/$1.jsa"
    fi
}

# recorded NAME: writes the options that use the archive into NAME.archive, and the Java that they are for into NAME.java.
recorded() {
    [ -s "$dist/$1.jsa" ] || {
        echo "$0: $java made no archive" >&2
        exit 1
    }
    if [ "$version" -ge 25 ]; then
        echo "\"-XX:AOTCache=$dist/$1.jsa\""
    else
        echo "-Xshare:auto"
        echo "\"-XX:SharedArchiveFile=$dist/$1.jsa\""
    fi >"$dist/$1.archive"
    echo "$java" >"$dist/$1.java"
}
