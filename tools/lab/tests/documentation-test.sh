# shellcheck shell=bash
# What README and docs/ show is what ulvs does.

# block FILE HEADING: the indented lines below a heading.
block() { awk -v heading="## $2" '/^## / { inside = $0 == heading } inside && /^    / { print substr($0, 5) }' "$1"; }

documents() { find "$ULVS_ROOT/README.md" "$ULVS_ROOT/docs" "$ULVS_ROOT/bench/README.md" -name '*.md'; }

should_play_as_the_readme_does() {
    local line said='' played=0
    cd "$ULVS_ROOT" || return
    while read -r line; do
        said+="\$ $line"$'\n'$(bash -c "$line" 2>&1)$'\n' || fail "\"$line\" of README.md failed: $said"
        played=$((played + 1))
    done < <(block README.md 'Play with it')
    [ "$played" -ge 5 ] || fail "README.md shows only $played commands to play with"
    grep -qx 'real[123]' <<<"$said" || fail "no real server answered: $said"
    grep -q 'frames forwarded to real servers' <<<"$said" || fail "no counters: $said"
    grep -q "TCP  $VIP:$WEB_PORT " <<<"$said" || fail "no services: $said"
    equal "namespaces afterwards" "" "$(lab_namespaces)"
}

should_know_every_command_that_is_shown() {
    local command shown=0
    while read -r command; do
        "$ULVS_ROOT/ulvs" "$command" --help >/dev/null </dev/null \
            || fail "the documents show \"ulvs $command\", and ulvs $command --help fails"
        shown=$((shown + 1))
    done < <(documents | xargs sed -n 's/^    \(.*[ `]\)\?\(\.\/\)\?ulvs \([a-z][a-z_-]*\).*/\3/p' | sort -u)
    [ "$shown" -ge 10 ] || fail "only $shown commands were found in the documents"
}

should_link_only_to_what_is_there() {
    local file target
    while read -r file; do
        while read -r target; do
            [ -e "$(dirname "$file")/${target%%#*}" ] || fail "$file links to $target, which is not there"
        done < <(grep -o '](\([^)#][^)]*\))' "$file" | sed 's/^](//; s/)$//' | grep -v '^[a-z]*://')
    done < <(documents)
}
