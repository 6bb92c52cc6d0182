# shellcheck shell=bash
# What the lab looks like now, for people and as JSON. Sourced, never run.

lab_status() {
    local form=text
    while [ $# -gt 0 ]; do
        case $1 in
            --json) form=json ;;
            *) usage_error "lab status: unknown argument \"$1\"" ;;
        esac
        shift
    done
    need_root "the lab"
    if ! config_load; then
        case $form in
            text) say "lab $LAB: down" ;;
            json) say '{"up":false}' ;;
        esac
        return 0
    fi
    "status_$form"
}

node_addresses() {
    ip -n "$(namespace "$1")" -o -4 address show 2>/dev/null | awk '$2 != "lo" || $4 !~ /^127/ { print $2, $4 }'
}

status_text() {
    local node id pid
    say "lab $LAB: up ($CONFIG_METHOD, $CONFIG_REALS real servers, scheduler $CONFIG_SCHEDULER," \
        "$CONFIG_WORKERS worker(s)), virtual IP $VIP"
    say
    printf '%-10s %-16s %s\n' NODE NAMESPACE ADDRESSES
    for node in $(nodes); do
        printf '%-10s %-16s %s\n' "$node" "$(namespace "$node")" "$(node_addresses "$node" | tr '\n' ' ')"
    done
    say
    printf '%-20s %-8s %s\n' PROCESS PID LOG
    for id in $(lab_processes); do
        pid=$(process_pid "$id") || pid=dead
        printf '%-20s %-8s %s\n' "$id" "$pid" "$(log_file "$id")"
    done
    for node in $(status_directors); do
        say
        say "$node: virtual services"
        director_ipvsadm "$node" -Ln || true
        say
        say "$node: counters"
        run_on_director "$node" stat || true
    done
}

status_directors() { [ "$CONFIG_DATAPLANE" = no ] || directors; }

# json_string TEXT
json_string() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

status_json() {
    local node id pid separator=
    printf '{"up":true,"lab":"%s","method":"%s","reals":%s,"workers":%s,"scheduler":"%s","vip":"%s",\n"nodes":[' \
        "$LAB" "$CONFIG_METHOD" "$CONFIG_REALS" "$CONFIG_WORKERS" "$CONFIG_SCHEDULER" "$VIP"
    for node in $(nodes); do
        printf '%s\n {"name":"%s","namespace":"%s","addresses":{%s}}' "$separator" "$node" "$(namespace "$node")" \
            "$(node_addresses "$node" | awk '{ printf "%s\"%s\":\"%s\"", s, $1, $2; s = "," }')"
        separator=,
    done
    printf '],\n"processes":['
    separator=
    for id in $(lab_processes); do
        pid=$(process_pid "$id") || pid=null
        printf '%s\n {"name":"%s","pid":%s,"log":%s}' "$separator" "$id" "$pid" "$(json_string "$(log_file "$id")")"
        separator=,
    done
    printf '],\n"directors":['
    separator=
    for node in $(status_directors); do
        printf '%s\n {"name":"%s","dir":"%s","table":%s,"stat":%s}' "$separator" "$node" "$(director_dir "$node")" \
            "$(director_ipvsadm "$node" -Ln --stats --json 2>/dev/null || printf null)" \
            "$(run_on_director "$node" stat --json 2>/dev/null || printf null)"
        separator=,
    done
    printf ']}\n'
}
