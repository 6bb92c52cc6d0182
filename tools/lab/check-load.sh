#!/usr/bin/env bash
# check-load.sh [CHECKS [SECONDS]]: what so many checks of nginx every two seconds cost pulse: CPU time, threads, memory.
# In a network namespace of its own, without a dataplane: the director stands by, and so checks all the same.
set -euo pipefail
ULVS_ROOT=${ULVS_ROOT:-$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)}
# shellcheck source=tools/launcher/common.sh
source "$ULVS_ROOT/tools/launcher/common.sh"
need_root "a network namespace"
number check-load CHECKS "${1:-2000}" 1 20000
number check-load SECONDS "${2:-30}" 1 600
checks=${1:-2000} seconds=${2:-30}
space=ulvs-checks-$$
folder=$(mktemp -d)
pids=()

tidy() {
    [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true
    wait
    ip netns del "$space" 2>/dev/null || true
    rm -rf "$folder"
}
trap tidy EXIT
trap 'exit 1' TERM INT

ip netns add "$space"
ip -n "$space" link set lo up
mkdir "$folder/tmp"
cat >"$folder/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $folder/nginx.pid;
error_log $folder/nginx.log warn;
events { worker_connections 8192; }
http {
    access_log $folder/access.log;
    client_body_temp_path $folder/tmp;
    proxy_temp_path $folder/tmp;
    fastcgi_temp_path $folder/tmp;
    uwsgi_temp_path $folder/tmp;
    scgi_temp_path $folder/tmp;
    server { listen 80; location / { return 200 "here"; } }
}
END
{
    printf 'serial_no = 1\nprimary = 127.0.0.1\nnetwork = direct\nvirtual web {\n active = 1\n address = 192.0.2.10 lo:1\n'
    printf ' send = "GET / HTTP/1.0\\r\\n\\r\\n"\n expect = "HTTP"\n timeout = 2\n'
    for ((i = 0; i < checks; i++)); do
        printf ' server s%d {\n address = 127.1.%d.%d\n active = 1\n }\n' "$i" $((i / 250)) $((i % 250 + 1))
    done
    printf '}\n'
} >"$folder/lvs.cf"
ip netns exec "$space" nginx -c "$folder/nginx.conf" -p "$folder" >"$folder/nginx.out" 2>&1 &
pids+=($!)
ip netns exec "$space" "$ULVS_ROOT/ulvs" pulse -n -c "$folder/lvs.cf" --dir "$folder/dir" >"$folder/pulse.out" 2>&1 &
pids+=($!)
pulse=$!

up() { grep -c 'is up' "$folder/pulse.out" || true; }
deadline=$(($(now_ms) + 60000))
while [ "$(up)" -lt "$checks" ]; do
    if [ "$(now_ms)" -ge "$deadline" ] || ! kill -0 "$pulse"; then
        tail "$folder/pulse.out"
        die "only $(up) of $checks servers are up"
    fi
    sleep 0.2
done
# The busiest threads of pulse, with their clock ticks.
threads() { awk '{ name = $0; sub(/.*\(/, "", name); sub(/\).*/, "", name); sub(/.*\) /, ""); print $12 + $13, name }' "/proc/$pulse"/task/*/stat | sort -rn | head -n 4 | xargs; }
# CPU time of pulse in clock ticks, user and system.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$pulse/stat"; }
sleep 5
before=$(ticks) began=$(now_ms) requests=$(wc -l <"$folder/access.log")
sleep "$seconds"
used=$(($(ticks) - before)) took=$(($(now_ms) - began)) requests=$(($(wc -l <"$folder/access.log") - requests))
awk -v n="$checks" -v r="$requests" -v t="$took" -v u="$used" -v hz="$(getconf CLK_TCK)" \
    -v threads="$(find "/proc/$pulse/task" -mindepth 1 -maxdepth 1 | wc -l)" \
    -v memory="$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$pulse/status")" \
    -v down="$(grep -c 'is down' "$folder/pulse.out" || true)" 'BEGIN {
    printf "%d checks every 2 s: %.0f checks a second for %.1f s, %.1f %% of a core, %d threads, %d MB, %d found down\n",
        n, r * 1000 / t, t / 1000, u / hz / (t / 1000) * 100, threads, memory, down }'
say "busiest threads in clock ticks since the start: $(threads)"
