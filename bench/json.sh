# shellcheck shell=bash
# What a benchmark hands over, built piece by piece and written at the end; see README.md. Sourced, never run.

json_settings='' json_tables='' json_plots='' json_targets='' json_rows='' json_notes='' json_series=''

# json_text TEXT: as a JSON string.
json_text() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    printf '"%s"' "${text//$'\t'/\\t}"
}

# json_cell VALUE: a number where it is one, else a string.
json_cell() {
    if [[ $1 =~ ^-?(0|[1-9][0-9]*)(\.[0-9]+)?$ ]]; then
        printf '%s' "$1"
    else
        json_text "$1"
    fi
}

# json_list FUNCTION WORD…
json_list() {
    local each=$1 comma=''
    shift
    printf '['
    for word; do
        printf '%s' "$comma"
        "$each" "$word"
        comma=', '
    done
    printf ']'
}

setting() { json_settings+="${json_settings:+, }$(json_text "$1"): $(json_text "$2")"; }

# row CELL…: the next row of the table that `table` closes.
row() { json_rows+="${json_rows:+, }$(json_list json_cell "$@")"; }
note() { json_notes+="${json_notes:+, }$(json_text "$1")"; }

# table TITLE COLUMN…: takes the rows and notes since the last one.
table() {
    local title=$1
    shift
    json_tables+="${json_tables:+,
  }{\"title\": $(json_text "$title"), \"columns\": $(json_list json_text "$@"), \"rows\": [$json_rows], \"notes\": [$json_notes]}"
    json_rows='' json_notes=''
}

# series NAME X,Y…: the next line of the plot that `plot` closes.
series() {
    local name=$1
    shift
    json_series+="${json_series:+, }{\"name\": $(json_text "$name"), \"points\": [$(printf ', [%s]' "$@" | cut -c3-)]}"
}

# plot TITLE X-LABEL linear|log Y-LABEL linear|log: takes the series since the last one.
plot() {
    json_plots+="${json_plots:+,
  }{\"title\": $(json_text "$1"), \"x\": {\"label\": $(json_text "$2"), \"scale\": \"$3\"}, \"y\": {\"label\": $(json_text "$4"), \"scale\": \"$5\"}, \"series\": [$json_series]}"
    json_series=''
}

# target TEXT UNIT MEASURED '<='|'>=' LIMIT NOTE [REFERENCE]; MEASURED is empty where it could not be measured, REFERENCE is
# what a C reference reached in the same run.
target() {
    local met=false
    if [ -n "$3" ] && awk -v m="$3" -v l="$5" -v r="$4" 'BEGIN { exit !(r == "<=" ? m <= l : m >= l) }'; then
        met=true
    fi
    json_targets+="${json_targets:+,
  }{\"text\": $(json_text "$1"), \"unit\": $(json_text "$2"), \"measured\": ${3:-null}, \"relation\": \"$4\", \"limit\": $5, \"met\": $met, \"reference\": ${7:-null}, \"note\": $(json_text "$6")}"
}

# json_write NAME FILE [REFUSAL]: with a refusal there are no tables.
json_write() {
    local refused=null
    if [ -n "${3:-}" ]; then
        refused=$(json_text "$3") json_tables='' json_plots='' json_targets=''
    fi
    printf '{"benchmark": %s,\n "settings": {%s},\n "tables": [%s],\n "plots": [%s],\n "targets": [%s],\n "refused": %s}\n' \
        "$(json_text "$1")" "$json_settings" "$json_tables" "$json_plots" "$json_targets" "$refused" >"$2.part"
    mv "$2.part" "$2"
}
