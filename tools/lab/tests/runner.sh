# shellcheck shell=bash
# Runs the system tests: every function should_… of the files *-test.sh beside this one. Sourced, never run.
# Each file runs in a bash of its own, in a lab of its own, and prints `ok NAME` or `not ok NAME` for each test.

readonly SYSTEM_TESTS=$ULVS_ROOT/tools/lab/tests
readonly SYSTEM_TEST_SECONDS=900

# Prints FILE/FUNCTION for every system test.
system_tests() {
    local file
    for file in "$SYSTEM_TESTS"/*-test.sh; do
        sed -n "s|^\(should_[a-z0-9_]*\)().*|$(basename "$file" -test.sh)/\1|p" "$file"
    done
}

# The prefix of the tests' lab: always the same for this folder, so that a run clears what a killed one left.
test_lab() { printf 'ut%s' "$(sha256sum <<<"$ULVS_ROOT" | cut -c1-6)"; }

# run_system_tests [NAME…]: adds to passed and failed.
run_system_tests() {
    local file line began all
    local -a chosen
    build || return
    for file in $(system_tests | cut -d/ -f1 | uniq); do
        mapfile -t chosen < <(system_tests | grep "^$file/" | matching "$@" | cut -d/ -f2)
        [ ${#chosen[@]} -gt 0 ] || continue
        began=$(now_ms)
        all=0
        say "== System test $file"
        while read -r line; do
            case $line in
                'ok '*) passed=$((passed + 1)); all=$((all + 1)) ;;
                'not ok '*) failed=$((failed + 1)); all=$((all + 1)) ;;
            esac
            say "   $line"
        done < <(ULVS_LAB=$(test_lab) timeout --kill-after 20 "$SYSTEM_TEST_SECONDS" \
            bash "$SYSTEM_TESTS/run-one.sh" "$SYSTEM_TESTS/$file-test.sh" "${chosen[@]}" 2>&1 </dev/null)
        # A file that ended early has not run all of its tests.
        failed=$((failed + ${#chosen[@]} - all))
        [ "$all" -eq ${#chosen[@]} ] || say "   not ok: $((${#chosen[@]} - all)) test(s) of $file did not end"
        say "   took $(seconds_since "$began")"
    done
}

matching() {
    if [ $# -eq 0 ]; then
        cat
    else
        grep -F "$(printf '%s\n' "$@")" || true
    fi
}
