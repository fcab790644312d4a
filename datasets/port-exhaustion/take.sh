#!/bin/sh
# Takes the port-exhaustion dataset on the running kernel: two network namespaces joined by a veth pair, a known load
# (drive.py), and two captures: t0, right after the client's ports are used up, and t66, 66 s later.
#
#   sudo ./take.sh [FOLDER]     writes FOLDER/t0, FOLDER/t66 and FOLDER/ground-truth.json (default: beside this script)
#
# Needs root, iproute2, nftables, conntrack-tools, net-tools and python3. Takes 75 s. Changes nothing outside its namespaces.
set -eu
export LC_ALL=C TZ=UTC

here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here}
client=plimsoll-client
server=plimsoll-server
python=/usr/bin/python3
state=$(mktemp -d)
client_pid=
server_pid=

finish() {
    trap - EXIT INT TERM
    for pid in $client_pid $server_pid; do
        kill "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    done
    for ns in $client $server; do
        ip netns del "$ns" 2>/dev/null || :
    done
    rm -rf "$state"
}

in_client() { ip netns exec $client "$@"; }
in_server() { ip netns exec $server "$@"; }

for ns in $client $server; do
    if ip netns list | grep -qw "$ns"; then
        echo "take.sh: network namespace $ns exists already; remove it first (ip netns del $ns)" >&2
        exit 2
    fi
done
trap finish EXIT
trap 'exit 130' INT TERM

await() { # FILE: until it is there, at most 30 s
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 300 ]; then
            echo "take.sh: no $(basename "$1") after 30 s" >&2
            exit 1
        fi
        sleep 0.1
    done
}

# --- the network -----------------------------------------------------------------------------------------------------
ip netns add $client
ip netns add $server
ip link add veth0 netns $client type veth peer name veth0 netns $server
in_client ip addr add 10.9.0.1/24 dev veth0
in_client ip addr add fd00:9::1/64 dev veth0 nodad
in_server ip addr add 10.9.0.2/24 dev veth0
in_server ip addr add fd00:9::2/64 dev veth0 nodad
for ns in $client $server; do
    ip -n $ns link set lo up
    ip -n $ns link set veth0 up
done
in_client sysctl -qw net.ipv4.ip_local_port_range="40000 40199"
# A namespace tracks connections only once a rule asks for their state.
in_client nft -f - <<'RULES'
table inet tracking {
    chain output {
        type filter hook output priority 0; policy accept;
        ct state new counter
    }
}
RULES

# --- the load --------------------------------------------------------------------------------------------------------
# Not through in_server: $! has to be the process itself, not a shell around it.
ip netns exec $server $python "$here/drive.py" server "$state/server.json" &
server_pid=$!
await "$state/server.json"
ip netns exec $client $python "$here/drive.py" client "$state/client.json" &
client_pid=$!
await "$state/client.json"
exhausted=$(date +%s)

# --- the captures ----------------------------------------------------------------------------------------------------
# The kernel release without the builder's own suffix.
kernel() { uname -a | sed 's/\([0-9]\.[0-9][0-9]*\.[0-9][0-9]*\)-[^ ]*/\1/'; }

capture_namespace() { # NAMESPACE FOLDER
    mkdir -p "$2/proc/net/stat" "$2/proc"
    ip netns exec "$1" sh -c '
        cd "$1"
        date -u +%Y-%m-%dT%H:%M:%SZ >date.txt
        ss -s >ss-s.txt
        ss -natpoie >ss-natpoie.txt 2>/dev/null
        ss -nate >ss-nate.txt 2>/dev/null
        ss -nt -o state time-wait >ss-time-wait.txt
        ss -ltn >ss-ltn.txt
        ss -tunap >ss-tunap.txt
        for file in tcp tcp6 udp sockstat sockstat6 snmp netstat nf_conntrack softnet_stat unix protocols dev \
                stat/nf_conntrack; do
            cat /proc/net/$file >proc/net/$file
        done
        conntrack -L >conntrack-L.txt 2>conntrack-L.err
        conntrack -S >conntrack-S.txt
        nft list ruleset >nft-list-ruleset.txt
        sysctl -a 2>/dev/null | grep -E "^(net|vm)\." | grep -vE "fastopen_key|stable_secret" >sysctl-a.txt
        nstat -asz >nstat-asz.txt
        netstat -s >netstat-s.txt 2>/dev/null
    ' sh "$2"
    kernel >"$2/uname.txt"
}

capture_host() { # FOLDER
    mkdir -p "$1/proc/sys/fs"
    date -u +%Y-%m-%dT%H:%M:%SZ >"$1/date.txt"
    for file in slabinfo meminfo vmstat zoneinfo stat loadavg uptime sys/fs/file-nr; do
        cat /proc/$file >"$1/proc/$file"
    done
    kernel >"$1/uname.txt"
    cp -L /etc/os-release "$1/os-release"
    ss -V >"$1/ss-V.txt"
    if [ -r /proc/config.gz ]; then
        zcat /proc/config.gz | grep HZ >"$1/config-hz.txt"
    fi
}

capture() { # MOMENT
    rm -rf "${out:?}/$1"
    capture_namespace $client "$out/$1/client"
    capture_namespace $server "$out/$1/server"
    capture_host "$out/$1/host"
    # The client's folder is to be read alone too.
    for file in os-release config-hz.txt proc/meminfo proc/vmstat proc/zoneinfo; do
        if [ -f "$out/$1/host/$file" ]; then
            cp "$out/$1/host/$file" "$out/$1/client/$file"
        fi
    done
}

mkdir -p "$out"
out=$(cd "$out" && pwd)
capture t0
sleep $((exhausted + 66 - $(date +%s)))
capture t66

# The server counts what it accepted until it is told to end.
kill $server_pid
wait $server_pid || :
server_pid=
$python "$here/drive.py" join "$state/client.json" "$state/server.json" >"$out/ground-truth.json"
echo "taken: $out"
