# shellcheck shell=bash disable=SC2034
# Connections that real servers open to the outside, with source NAT by MASQUERADE.

# A web server on the client that tells who asked.
write_outside_conf() {
    mkdir -p "$RUN/client/tmp"
    cat >"$RUN/client/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $RUN/client/nginx-master.pid;
error_log $RUN/log/client-nginx.log warn;
events { worker_connections 256; }
http {
    access_log off;
    client_body_temp_path $RUN/client/tmp;
    proxy_temp_path $RUN/client/tmp;
    fastcgi_temp_path $RUN/client/tmp;
    uwsgi_temp_path $RUN/client/tmp;
    scgi_temp_path $RUN/client/tmp;
    server {
        listen $WEB_PORT;
        location = /$DOWNLOAD { root $RUN/files; }
        location / { return 200 "\$remote_addr \$remote_port"; }
    }
}
END
}

masquerade_lab() {
    remove_lab
    CONFIG_METHOD=nat CONFIG_REALS=2 CONFIG_WORKERS=2
    make_lab
    write_outside_conf
    start_process client/nginx
    await_process client/nginx
    run_on_director director iptables -t nat -A POSTROUTING -p tcp -s "$PRIVATE.0/24" -j MASQUERADE
}

# ask NODE: prints the address and port that the client's web server saw.
ask() { in_node "$1" curl -sS --fail -m 5 "http://$CLIENT_ADDRESS/"; }

fetch_from_outside() {
    local actual
    actual=$(in_node "$1" curl -sS --fail -m 60 "http://$CLIENT_ADDRESS/$DOWNLOAD" | sha256sum)
    equal "sha256 of a download by $1" "$(sha256sum <"$RUN/files/$DOWNLOAD")" "$actual"
}

should_give_real_servers_the_virtual_address_outside() {
    local said
    masquerade_lab
    captures_start
    said=$(ask real1)
    equal "address that the outside sees" "$VIP" "${said% *}"
    equal "port with the source port 50000" "$VIP 50000" \
        "$(in_node real2 curl -sS --fail -m 5 --local-port 50000 "http://$CLIENT_ADDRESS/")"
    fetch_from_outside real1
    fetch_from_outside real2
    captures_check
    check_accounting
}

should_use_free_ports_of_the_host_where_no_address_is_owned() {
    local said
    masquerade_lab
    director_ipvsadm director -C
    captures_start
    said=$(ask real1)
    equal "address that the outside sees" "$(public_address director)" "${said% *}"
    [ "${said#* }" -ge 61000 ] || fail "the port is one that the host may use itself: $said"
    fetch_from_outside real1
    captures_check
    run_on_director director iptables -t nat -F POSTROUTING
    sleep 0.5
    ! in_node director nft list ruleset | grep -q 61000 || fail "the guard keeps the ports although no rule uses them"
}
