# shellcheck shell=bash disable=SC2034
# FTP with a real server (vsftpd) and real clients (lftp, curl), active and passive.

readonly PASSIVE_FIRST=10000 PASSIVE_LAST=10100
readonly FTP_FILE=20M FTP_BYTES=20971520

# ftp_lab METHOD: a lab with vsftpd on every real server.
ftp_lab() {
    local node
    remove_lab
    CONFIG_METHOD=$1 CONFIG_WORKERS=2
    make_lab
    mkdir -p "$RUN/ftp/empty" "$RUN/ftp/root"
    chmod 755 "$RUN" "$RUN/ftp" "$RUN/ftp/root"
    head -c "$FTP_BYTES" "$RUN/files/$DOWNLOAD" >"$RUN/ftp/root/$FTP_FILE"
    for node in $(reals); do
        write_vsftpd_conf "$node"
        daemon "$node" vsftpd "$RUN/$node/vsftpd.conf" </dev/null >"$RUN/log/$node-vsftpd.log" 2>&1 &
    done
    for node in $(reals); do
        await_ftp "$node"
    done
}

write_vsftpd_conf() {
    cat >"$RUN/$1/vsftpd.conf" <<END
listen=YES
listen_ipv6=NO
background=NO
anonymous_enable=YES
no_anon_password=YES
anon_root=$RUN/ftp/root
secure_chroot_dir=$RUN/ftp/empty
seccomp_sandbox=NO
xferlog_enable=NO
use_localtime=YES
ftpd_banner=$1
connect_from_port_20=YES
pasv_min_port=$PASSIVE_FIRST
pasv_max_port=$PASSIVE_LAST
END
}

await_ftp() {
    local deadline
    deadline=$(($(now_ms) + 10000))
    until [ -n "$(in_node "$1" ss -Hltn 'sport = :21')" ]; do
        [ "$(now_ms)" -lt "$deadline" ] || fail "vsftpd of $1 did not start: $(<"$RUN/log/$1-vsftpd.log")"
        sleep 0.05
    done
}

# fetch WHAT COMMAND…: the command writes the file to its standard output.
fetch() {
    local what=$1 actual
    shift
    actual=$(in_node client timeout 30 "$@" 2>"$RUN/ftp/said" | sha256sum)
    equal "sha256 of a file by $what ($(<"$RUN/ftp/said"))" "$(sha256sum <"$RUN/ftp/root/$FTP_FILE")" "$actual"
    seen "$what"
}

# transfer_in_all_modes: passive and active, with the old and the extended commands.
transfer_in_all_modes() {
    local url=ftp://$VIP/$FTP_FILE
    fetch "PASV" curl -sS -m 20 --disable-epsv "$url"
    fetch "EPSV" curl -sS -m 20 "$url"
    fetch "PORT" curl -sS -m 20 --disable-eprt -P - "$url"
    fetch "EPRT" curl -sS -m 20 -P - "$url"
    fetch "lftp, passive" lftp -c "set net:timeout 5; set net:max-retries 1; set ftp:passive-mode true; open ftp://$VIP; ls >/dev/null; cat $FTP_FILE"
    fetch "lftp, active" lftp -c "set net:timeout 5; set net:max-retries 1; set ftp:passive-mode false; open ftp://$VIP; ls >/dev/null; cat $FTP_FILE"
}

ftp_servers() {
    local node
    for node in $(reals); do
        director_ipvsadm director -a "${@:1:2}" -r "$(private_address "$node")${4:-}" "$3"
    done
}

should_transfer_by_nat_with_the_helper() {
    ftp_lab nat
    director_ipvsadm director -A -t "$VIP:21" -s rr
    ftp_servers -t "$VIP:21" -m :21
    captures_start
    transfer_in_all_modes
    captures_check
    check_accounting
}

# The control connection has had a reply made longer, so all that follows on it needs its sequence numbers adjusted.
should_keep_a_session_over_kill_and_restart() {
    local before=$RUN/ftp/before after=$RUN/ftp/after client
    ftp_lab nat
    director_ipvsadm director -A -t "$VIP:21" -s rr
    ftp_servers -t "$VIP:21" -m :21
    fetch "PASV before and after a restart of the dataplane" lftp -c "set net:timeout 5; set net:max-retries 1;
        set ftp:passive-mode true; open ftp://$VIP; ls >/dev/null; cat $FTP_FILE >/dev/null;
        !touch $before; while [ ! -e $after ]; do sleep 0.1; done;
        cat $FTP_FILE" &
    client=$!
    until [ -e "$before" ]; do
        kill -0 "$client" 2>/dev/null || fail "the client ended before the restart: $(<"$RUN/ftp/said")"
        sleep 0.1
    done
    kill_process director/dataplane
    dataplane_up director
    : >"$after"
    wait "$client" || fail "the session broke"
    equal "sessions of the servers" 1 \
        "$(director_ipvsadm director -Ln --stats --exact | awk -v s="$VIP:21" '$2 == s { print $3 }')"
}

# As the manual of LVS does it: one mark for all ports of FTP, and persistence to keep a client's ports together.
mark_ftp() {
    local port
    for port in 20 21 "$PASSIVE_FIRST:$PASSIVE_LAST"; do
        run_on_director director iptables -t mangle -A PREROUTING -p tcp -d "$VIP/32" --dport "$port" \
            -j MARK --set-mark 21
    done
    director_ipvsadm director -A -f 21 -s rr -p 300
}

should_transfer_by_direct_routing_with_a_mark_and_persistence() {
    ftp_lab dr
    mark_ftp
    ftp_servers -f 21 -g
    captures_start
    transfer_in_all_modes
    captures_check
    check_accounting
}

should_transfer_by_nat_with_a_mark_and_persistence() {
    ftp_lab nat
    mark_ftp
    ftp_servers -f 21 -m
    transfer_in_all_modes
    check_accounting
}
