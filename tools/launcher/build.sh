# shellcheck shell=bash
# Builds when sources changed. Sourced, never run.

readonly ULVS_DIST=$ULVS_ROOT/tools/dist/target/dist
readonly BUILD_MARK=$ULVS_ROOT/target/build.fingerprint
readonly BUILD_LOG=$ULVS_ROOT/target/log/build.log

build_usage() {
    cat <<'END'
Usage: ./ulvs build [--force]

Builds the native shim, the Java modules and the distribution (tools/dist/target/dist), without tests,
and only when a source has changed since the last build. Missing Debian packages are installed when root.

  --force    build even if nothing changed

Examples:
  ./ulvs build
  JAVA_HOME=/usr/lib/jvm/java-25 ./ulvs build --force
END
}

build_command() {
    local force=no
    while [ $# -gt 0 ]; do
        case $1 in
            --force) force=yes ;;
            -h | --help) build_usage; return 0 ;;
            *) usage_error "build: unknown argument \"$1\"; ./ulvs build --help explains it" ;;
        esac
        shift
    done
    [ "$force" = no ] || rm -f "$BUILD_MARK"
    build
}

# One line that changes when anything changes that goes into the distribution.
build_fingerprint() (
    cd "$ULVS_ROOT" || return
    {
        # The layout of the distribution may depend on the JDK (class-data archives).
        printf '%s\n' "$ULVS_JAVA_VERSION"
        find . \( -name target -o -name .git -o -path '*/src/test' -o -path './docs' \) -prune -o -type f \
            \( -path '*/src/main/*' -o -name pom.xml -o -path './tools/jvm/*' -o -path './tools/lab/native/*' \
            -o -path './tools/send-arp/*' \
            -o -path './native-shim/*' -o -path './.mvn/*' \) -print0 \
            | LC_ALL=C sort -z | xargs -0 sha256sum
    } | sha256sum
)

build_is_current() {
    [ -r "$BUILD_MARK" ] && [ -d "$ULVS_DIST/lib" ] && [ "$(<"$BUILD_MARK")" = "$1" ]
}

# For commands that only want a usable distribution: silent when there is one.
build_if_needed() {
    use_java
    build_is_current "$(build_fingerprint)" || build >&2
}

build() {
    local fingerprint
    need_packages build "$PACKAGES_BUILD"
    use_java
    fingerprint=$(build_fingerprint)
    if build_is_current "$fingerprint"; then
        say "== Build is up to date (JDK $ULVS_JAVA_VERSION in $JAVA_HOME)"
        return 0
    fi
    mkdir -p "$ULVS_ROOT/target"
    rm -f "$BUILD_MARK"
    run_step "Building the native shim and the Java modules with JDK $ULVS_JAVA_VERSION in $JAVA_HOME" \
        "$BUILD_LOG" build_java || die "the build failed; everything it said is in $BUILD_LOG"
    build_lab_programs
    printf '%s\n' "$fingerprint" >"$BUILD_MARK"
}

# After Maven has built the distribution on another occasion.
mark_built() {
    build_lab_programs
    build_fingerprint >"$BUILD_MARK"
}

# Tests, formatter and style are left to `./ulvs test`.
build_java() {
    cd "$ULVS_ROOT" || return
    mvn -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip -Dcheckstyle.skip package
}

build_lab_programs() {
    run_step "Building send_arp and the programs of the lab" "$ULVS_ROOT/target/log/lab-programs.log" \
        make_programs || die "the C programs do not compile"
}

make_programs() {
    make -C "$ULVS_ROOT/tools/send-arp" && make -C "$ULVS_ROOT/tools/lab/native"
}
