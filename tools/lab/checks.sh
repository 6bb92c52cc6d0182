# shellcheck shell=bash
# What the demo and the system tests assert about a lab. Sourced, never run.

# fail TEXT…: says what is wrong and ends the test.
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit "$EXIT_FAILED"
}

# equal WHAT EXPECTED ACTUAL
equal() { [ "$2" = "$3" ] || fail "$1: expected \"$2\", got \"$3\""; }
