# shellcheck shell=bash disable=SC2034
# Which Debian packages a task needs, and their installation. Sourced, never run.

# command  package  why
readonly PACKAGES_BUILD='
javac       openjdk-17-jdk-headless  compiles and runs the Java
mvn         maven                    builds the Java modules
gcc         gcc                      compiles the native shim
make        make                     drives the native build
c-headers   libc6-dev                holds the C headers
'
readonly PACKAGES_LAB='
ip          iproute2                 makes network namespaces and links
sysctl      procps                   sets what the kernel of each node does
nft         nftables                 keeps the host stack away from forwarded packets
setpriv     util-linux               starts the dataplane with few privileges
nginx       nginx-light              is the web server of the real servers
iperf3      iperf3                   measures throughput
curl        curl                     is the HTTP client
tcpdump     tcpdump                  captures packets for the checks
'
readonly PACKAGES_TEST='
shellcheck  shellcheck               checks the shell scripts
chromium    chromium                 opens the pages of the configuration tool
chromedriver chromium-driver         drives chromium
iptables    iptables                 is what our rules are compared with
ldirectord  ldirectord               is a monitor that drives ipvsadm
vsftpd      vsftpd                   is the FTP server of the real servers
lftp        lftp                     is the FTP client
socat       socat                    is both ends of the kernel test of IPVS
prometheus-node-exporter prometheus-node-exporter reads the numbers as a monitor does
'
readonly PACKAGES_BENCH='
ip          iproute2                 makes network namespaces and links
sysctl      procps                   sets what the kernel of each node does
nft         nftables                 is a peer, and keeps the host stack away from forwarded packets
haproxy     haproxy                  is a peer
setpriv     util-linux               starts the dataplane with few privileges
nginx       nginx-light              is the web server of the benchmark
wrk         wrk                      measures requests
ipvsadm     ipvsadm                  is what the start of ours is compared with
iperf3      iperf3                   measures throughput
'

package_present() {
    case $1 in
        javac) java_home >/dev/null 2>&1 ;;
        c-headers) [ -e /usr/include/stdio.h ] && [ -e /usr/include/linux/if_packet.h ] ;;
        *) command -v "$1" >/dev/null 2>&1 ;;
    esac
}

# need_packages TASK LIST…: installs what is missing of the lists, saying which packages and why.
need_packages() {
    local task=$1 command package why
    local -a wanted=()
    shift
    PATH=$PATH:/usr/sbin:/sbin
    while read -r command package why; do
        [ -n "$command" ] || continue
        package_present "$command" && continue
        say "== $task needs the Debian package $package: it $why."
        wanted+=("$package")
    done <<<"$(printf '%s\n' "$@")"
    [ ${#wanted[@]} -gt 0 ] || return 0
    [ "$(id -u)" -eq 0 ] \
        || missing "installing ${wanted[*]} needs root: run it with sudo, or install them yourself."
    command -v apt-get >/dev/null 2>&1 \
        || missing "${wanted[*]} are missing and there is no apt-get here: install them yourself."
    install_packages "${wanted[@]}"
    hash -r
}

install_packages() {
    local log=$ULVS_ROOT/target/log/apt.log
    if ! run_step "Installing $*" "$log" apt_install "$@"; then
        missing "the packages $* could not be installed: is a Debian package source reachable? ($log)"
    fi
}

# Installs without starting daemons (nginx would take port 80 of the host).
apt_install() (
    set -e
    local policy=/usr/sbin/policy-rc.d
    export DEBIAN_FRONTEND=noninteractive
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
        trap 'rm -f "$policy"' EXIT
    fi
    apt-get install -y --no-install-recommends "$@" || {
        apt-get update
        apt-get install -y --no-install-recommends "$@"
    }
)
