# shellcheck shell=bash disable=SC2034
# Which JDK, and the one way in which a Java program of ulvs is started. Sourced, never run.

readonly JAVA_OLDEST=17

# Prints the home of the JDK: JAVA_HOME, or the one that `javac` on the PATH belongs to.
java_home() {
    local javac home
    if [ -n "${JAVA_HOME:-}" ]; then
        [ -x "$JAVA_HOME/bin/javac" ] || {
            warn "JAVA_HOME is $JAVA_HOME, but there is no bin/javac in it."
            return 1
        }
        home=$JAVA_HOME
    else
        javac=$(command -v javac) || return 1
        home=$(dirname "$(dirname "$(readlink -f "$javac")")")
    fi
    printf '%s' "$home"
}

java_version() { "$1/bin/java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p'; }

# Sets and exports JAVA_HOME, refuses a JDK that is too old.
use_java() {
    local home version
    home=$(java_home) || missing "no JDK found: set JAVA_HOME, or install openjdk-17-jdk-headless."
    version=$(java_version "$home")
    [[ $version =~ ^[0-9]+ ]] || missing "$home/bin/java does not tell its version."
    [ "${BASH_REMATCH[0]}" -ge "$JAVA_OLDEST" ] \
        || missing "Java $version in $home is too old: $JAVA_OLDEST or newer is needed."
    JAVA_HOME=$home
    ULVS_JAVA_VERSION=$version
    export JAVA_HOME ULVS_JAVA_VERSION
}

# java_words OPTIONS: sets JAVA_WORDS to what starts a program of the distribution with the flags of
# tools/jvm/OPTIONS.options, and the archive of classes if the build has made one with this Java; the main class and
# its arguments follow.
java_words() {
    JAVA_WORDS=("$JAVA_HOME/bin/java" "@$ULVS_ROOT/tools/jvm/common.options"
        "@$ULVS_ROOT/tools/jvm/$1.options" -cp "$ULVS_DIST/lib/*")
    if [ -r "$ULVS_DIST/$1.archive" ] && [ "$(<"$ULVS_DIST/$1.java")" = "$JAVA_HOME/bin/java" ]; then
        JAVA_WORDS+=("@$ULVS_DIST/$1.archive")
    fi
}

# journal_words OPTIONS: the same for a program that opens the director's journal.
journal_words() {
    java_words "$1"
    # Chronicle Queue needs what JDK 24 and newer only give when asked.
    if [ "${ULVS_JAVA_VERSION%%[.+-]*}" -ge 24 ]; then
        JAVA_WORDS+=(--sun-misc-unsafe-memory-access=allow)
    fi
}

# control_words: the same for a command of the control plane.
control_words() {
    journal_words control
    JAVA_WORDS+=(org.ulvs.control.cli.Control)
}
