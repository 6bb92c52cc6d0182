# shellcheck shell=bash
# Arithmetic and JSON for benchmarks that are shell scripts. Sourced, never run.

# Reads numbers, one a line; prints their median, or nothing.
median() {
    sort -g | awk '{ v[NR] = $1 } END { if (NR) print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# Reads numbers, one a line; prints the least and the greatest, or nothing.
spread() { sort -g | awk 'NR == 1 { least = $1 } { most = $1 } END { if (NR) print least, most }'; }

# ratio A B: A / B with three digits, or nothing when one of them is missing.
ratio() {
    [ -n "$1" ] && [ -n "$2" ] || return 0
    awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.3f", a / b }'
}

# A JSON text of the arguments.
json_text() {
    local text=$*
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\t'/ }
    printf '"%s"' "${text//$'\n'/ }"
}

# A number stays one; nothing becomes the text –; the rest is text.
json_cell() {
    if [[ ${1:-} =~ ^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-]?[0-9]+)?$ ]]; then
        printf '%s' "$1"
    else
        json_text "${1:-–}"
    fi
}

# json_list FUNCTION VALUE…: a JSON list of what FUNCTION prints for each.
json_list() {
    local function=$1 comma=''
    shift
    printf '['
    while [ $# -gt 0 ]; do
        printf '%s' "$comma"
        "$function" "$1"
        comma=', '
        shift
    done
    printf ']'
}
json_row() { json_list json_cell "$@"; }
json_texts() { json_list json_text "$@"; }

# json_target TEXT UNIT MEASURED RELATION LIMIT NOTE: a target of the report; MEASURED empty is one that was missed.
json_target() {
    local met=false
    if [ -n "$3" ] && awk -v a="$3" -v r="$4" -v b="$5" 'BEGIN { exit !(r == ">=" ? a >= b : a <= b) }'; then
        met=true
    fi
    printf '{"text": %s, "unit": %s, "measured": %s, "relation": %s, "limit": %s, "met": %s, "note": %s}' \
        "$(json_text "$1")" "$(json_text "$2")" "${3:-null}" "$(json_text "$4")" "$5" "$met" "$(json_text "${6:-}")"
}
