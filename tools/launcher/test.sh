#!/usr/bin/env bash
# Builds and passes all tests: Maven's, the shell scripts' own check, the system tests in the lab.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# shellcheck source=tools/launcher/all.sh
source "$ULVS_ROOT/tools/launcher/all.sh"
# shellcheck source=tools/lab/tests/runner.sh
source "$ULVS_ROOT/tools/lab/tests/runner.sh"

readonly TEST_LOG=$ULVS_ROOT/target/log/test.log
passed=0 failed=0

test_usage() {
    cat <<'END'
Usage: ./ulvs test [--only java|shell|lab] [--list] [NAME…]

Builds ulvs and passes its tests: those of the Java modules (with formatter, style and static analysis), shellcheck
and the system tests in network namespaces. The last line is `N passed, M failed`; exit 0 only if none failed.

  --only     one kind of tests
  --list     names of the system tests
  NAME…      only the system tests whose name contains one of these

Examples:
  ./ulvs test
  JAVA_HOME=/usr/lib/jvm/java-25 ./ulvs test
  ./ulvs test --only lab pair/should_resolve
END
}

# Numbers from the reports that Maven's runs have left.
count_java() {
    local report tests bad
    while read -r report; do
        read -r tests bad < <(awk '
            function attribute(name, text) {
                text = $0
                sub(".* " name "=\"", "", text)
                sub("\".*", "", text)
                return text
            }
            /<testsuite / { print attribute("tests"), attribute("errors") + attribute("failures"); exit }' "$report")
        passed=$((passed + tests - bad))
        failed=$((failed + bad))
    done < <(find "$ULVS_ROOT" -path '*/target/surefire-reports/TEST-*.xml' -not -path '*/node_modules/*')
}

test_java() {
    local status=0
    find "$ULVS_ROOT" -type d -path '*/target/surefire-reports' -prune -exec rm -rf {} +
    run_step "Compiling, checking and testing the Java modules with JDK $ULVS_JAVA_VERSION in $JAVA_HOME" \
        "$TEST_LOG" verify_java || status=$?
    count_java
    say "   $passed Java tests passed, $failed failed"
    sed -n 's/^\[ERROR\] \([^ ]*\) -- Time elapsed: \(.*\) <<< \(FAILURE\|ERROR\)!.*/   FAILED \1 (\2)/p' "$TEST_LOG"
    if [ "$status" -eq 0 ]; then
        mark_built
    fi
    # A build that broke before or beside its tests is a failure of its own.
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=$((failed + 1))
    fi
}

# shellcheck disable=SC2317  # run_step calls it
verify_java() {
    cd "$ULVS_ROOT" || return
    mvn -B -ntp --fail-at-end verify
}

shell_scripts() {
    cd "$ULVS_ROOT" || return
    {
        printf '%s\n' ulvs .ci/run
        find bin tools bench native-shim -name target -prune -o -type f -print 2>/dev/null
    } | while read -r file; do
        if [[ $file == *.sh ]] || head -c 64 "$file" | grep -qaE '^#!.*\b(ba)?sh\b'; then
            printf '%s\n' "$file"
        fi
    done
}

test_shell() {
    local script
    say "== Checking the shell scripts"
    while read -r script; do
        if (cd "$ULVS_ROOT" && shellcheck "$script"); then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            say "   FAILED shellcheck $script"
        fi
    done < <(shell_scripts)
}

main() {
    local only='java shell lab' kind name began
    local -a names=()
    while [ $# -gt 0 ]; do
        case $1 in
            --only)
                [[ ${2:-} =~ ^(java|shell|lab)$ ]] || usage_error "test: --only is java, shell or lab"
                only=$2
                shift
                ;;
            --list) system_tests; exit 0 ;;
            -h | --help) test_usage; exit 0 ;;
            -*) usage_error "test: unknown argument \"$1\"; ./ulvs test --help explains it" ;;
            *) names+=("$1") ;;
        esac
        shift
    done

    for name in "${names[@]}"; do
        [[ $(system_tests) == *"$name"* ]] \
            || usage_error "test: no system test has \"$name\" in its name; ./ulvs test --list shows them all"
    done
    began=$(now_ms)
    need_root "the test in network namespaces"
    need_packages test "$PACKAGES_BUILD" "$PACKAGES_LAB" "$PACKAGES_TEST"
    use_java
    for kind in $only; do
        case $kind in
            java) test_java ;;
            shell) test_shell ;;
            lab) run_system_tests "${names[@]}" ;;
        esac
    done
    say "== All tests took $(seconds_since "$began")"
    say "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# In one piece, so that an edit of this file does not disturb a run.
main "$@"; exit
