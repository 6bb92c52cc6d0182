# shellcheck shell=bash disable=SC2034
# The configuration tool beside two real directors: the manual's chapter 4 in Chromium, from no password to a working
# pair. The tool runs on the primary, as a user of its own; the browser is on the client's machine.

readonly WEB_MODULE=$ULVS_ROOT/controlplane/web
readonly WEB_PASSWORD='twenty-one candles'
readonly WEB_PORT_GUI=3636

# A folder of its own: the dataplane's is not for the tool to write in.
lvs_cf() { printf '%s/%s/ha/lvs.cf' "$RUN" "$1"; }

# The directors begin when lvs.cf has been written.
pair_up() {
    local node
    for node in $(directors); do
        dataplane_up "$node"
    done
}

# Sets CLASSPATH_OF_TESTS; compiles the driver of the browser where it is older than its source.
test_classes() {
    local file=$WEB_MODULE/target/test.classpath
    if [ ! -e "$file" ] || [ -n "$(find "$WEB_MODULE/src" -newer "$file" -print -quit)" ]; then
        (cd "$ULVS_ROOT" && mvn -B -q -ntp -pl controlplane/web -am -DskipTests -Dspotless.check.skip \
            -Dcheckstyle.skip package) || fail "the driver of the browser does not compile"
    fi
    CLASSPATH_OF_TESTS=$WEB_MODULE/target/test-classes:$WEB_MODULE/target/classes:$(<"$file")
}

start_gui() {
    local deadline
    GUI_ADDRESS=https://$(public_address director):$WEB_PORT_GUI
    daemon director "$ULVS_ROOT/ulvs" piranha-gui --listen "$(public_address director):$WEB_PORT_GUI" \
        --allow "$PUBLIC.0/$PREFIX_LENGTH" --config "$(lvs_cf director)" --conf "$RUN/director/ha/conf" \
        --dir "$(director_dir director)" </dev/null >"$(log_file director/gui)" 2>&1 &
    GUI_PID=$!
    disown "$GUI_PID"
    deadline=$(($(now_ms) + 60000))
    until [ "$(in_node client curl -sk -m 2 "$GUI_ADDRESS/healthz")" = ok ]; do
        if [ "$(now_ms)" -ge "$deadline" ] || ! kill -0 "$GUI_PID" 2>/dev/null; then
            fail "the tool did not start: $(tail -n 20 "$(log_file director/gui)")"
        fi
        sleep 0.1
    done
}

# What the browser asks for.
set_password() {
    "$ULVS_ROOT/ulvs" piranha-passwd --conf "$RUN/director/ha/conf" <<<"$WEB_PASSWORD" >/dev/null
}

start_directors() {
    local node
    if [ ! -e "$(lvs_cf backup)" ]; then
        mkdir -p "$(dirname "$(lvs_cf backup)")"
        cp "$(lvs_cf director)" "$(lvs_cf backup)"
    fi
    for node in $(directors); do
        start_process "$node/pulse"
    done
}

restart_nginx() {
    start_process "$1/nginx"
    await_process "$1/nginx"
}

# answers_come_from NODE…: from these, and from no other.
answers_come_from() {
    equal "real servers that answer" "$*" "$(curl_many 12 "http://$VIP/" | sort -u | xargs)"
}

open_downloads() {
    local i
    for ((i = 0; i < $1; i++)); do
        daemon client curl -s -m 600 --limit-rate 20k -o /dev/null "http://$VIP/$DOWNLOAD" </dev/null >/dev/null 2>&1 &
        SLOW_CLIENTS+=($!)
    done
}

end_downloads() {
    kill "${SLOW_CLIENTS[@]}"
    SLOW_CLIENTS=()
}

# Does what the browser asks for until it has ended; shows all else that it says.
drive() {
    local line status=0
    local -a words
    coproc BROWSER { in_node client "$JAVA_HOME/bin/java" -cp "$CLASSPATH_OF_TESTS" \
        "-Dulvs.screenshots=$WEB_MODULE/target/screenshots" org.ulvs.web.LivePair "$GUI_ADDRESS" "$WEB_PASSWORD" \
        "$RUN/browser" 2>"$RUN/log/browser.log"; }
    local pid=$BROWSER_PID from=${BROWSER[0]} to=${BROWSER[1]}
    while read -r line <&"$from"; do
        if [[ $line == 'do '* ]]; then
            read -r -a words <<<"${line#do }"
            say "$(now_ms) ${words[*]}"
            "${words[@]}"
            printf 'done\n' >&"$to"
        else
            say "$line"
        fi
    done
    wait "$pid" || status=$?
    [ "$status" -eq 0 ] || fail "in the browser: $(grep -v '^	at org.openqa' "$RUN/log/browser.log" | head -n 60)
pulse said: $(tail -n 12 "$(log_file director/pulse)" "$(log_file backup/pulse)" "$(log_file director/gui)" 2>&1)"
}

forget_user() {
    stop_pids 5 "$GUI_PID"
    if [ "$USER_WAS_THERE" = no ] && id -u piranha >/dev/null 2>&1; then
        userdel piranha
    fi
}

begin() {
    USER_WAS_THERE=no
    ! id -u piranha >/dev/null 2>&1 || USER_WAS_THERE=yes
    GUI_PID=0
    SLOW_CLIENTS=()
    CONFIG_METHOD=nat CONFIG_REALS=2 CONFIG_PAIR=yes
    remove_lab
    make_lab
    (umask 077 && head -c 32 /dev/urandom | sha256sum | cut -c1-64 >"$RUN/peer.secret")
    start_gui
    trap forget_user EXIT
    # What the tool has no field for it leaves as it is.
    printf '# a pair of the lab\npeer_secret = %s\n' "$RUN/peer.secret" >"$(lvs_cf director)"
    chown --reference="$(dirname "$(lvs_cf director)")" "$(lvs_cf director)"
}

# The metrics of a real dataplane and a real pulse have all that the dashboard asks for.
check_metrics() {
    local token metrics name
    token=$("$ULVS_ROOT/ulvs" piranha-passwd --conf "$RUN/director/ha/conf" --token prometheus)
    metrics=$(in_node client curl -sk -m 30 -H "Authorization: Bearer $token" "$GUI_ADDRESS/metrics")
    while read -r name; do
        grep -q "^${name}[ {]" <<<"$metrics" || fail "the dashboard asks for $name, which is not among: $metrics"
    done < <(grep -o '"expr": .*' "$ULVS_ROOT/docs/grafana-dashboard.json" | grep -o '[a-z_]*{' | tr -d '{' | sort -u)
    grep -q '^ulvs_director_active{director="primary"} 1' <<<"$metrics" || fail "the primary is not active: $metrics"
    awk '/^ulvs_check_last_duration_seconds/ { n++; if ($NF > 0) timed++ } END { exit !(n == 2 && timed == 2) }' \
        <<<"$metrics" || fail "two servers are checked: $(grep check_last <<<"$metrics")"
}

# HTTPS and nothing else, cookies that stay on it, files that only the tool's user can read.
check_transport() {
    local headers file
    headers=$(in_node client curl -sk -m 30 -D - -o /dev/null "$GUI_ADDRESS/login")
    grep -qi '^set-cookie: __Host-piranha-login=.*; HttpOnly; SameSite=Strict; Secure' <<<"$headers" \
        || fail "the cookie is not strict: $headers"
    if in_node client curl -s -m 5 -o /dev/null "http://${GUI_ADDRESS#https://}/healthz"; then
        fail "the tool answers plain HTTP"
    fi
    for file in piranha.p12 piranha.passwd; do
        equal "mode of $file" 600 "$(stat -c %a "$RUN/director/ha/conf/$file")"
    done
    equal "capabilities of the tool" 0000000000000000 "$(sed -n 's/^CapBnd:[[:space:]]*//p' "/proc/$GUI_PID/status")"
}

should_lead_from_login_to_a_working_pair() {
    test_classes
    begin
    equal "user of the tool" piranha "$(ps -o user= -p "$GUI_PID")"
    drive
    check_transport
    check_metrics
    grep -q "^# a pair of the lab" "$(lvs_cf director)" || fail "the comment is gone"
    equal "lvs.cf on the backup" "$(sha256sum <"$(lvs_cf director)")" "$(sha256sum <"$(lvs_cf backup)")"
}
