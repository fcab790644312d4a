#!/bin/sh
# Plimsoll's collector: what a Linux host shows of its finite things, in one archive, with nothing but this file.
# Reads files of /proc, /sys and /etc and asks ss and conntrack; needs no root, changes nothing, touches no process.
set -u
umask 077
LC_ALL=C
export LC_ALL

usage() {
    cat <<'USAGE'
usage: collect.sh [--without WHAT]... [--whole] [--root FOLDER] [OUT]

Writes what this host shows of itself to OUT, by default ./plimsoll-HOST-TIME.tar.gz; OUT may be a folder that is there.

  --without WHAT  leave something out: nginx, php, redis (configuration, which may hold passwords), sockets, network,
                  conntrack, memory, disk, cgroup, system, or commands (files are read, no command is run)
  --whole         no limits of size: a listing of a million sockets takes longer than two seconds
  --root FOLDER   read below FOLDER instead of /; no command is run
  --help          this text

MANIFEST.txt in the archive says what was taken and what could not be; standard error says it in short.
A listing larger than its limit is cut, marked, and later read as an excerpt.
USAGE
}

# What is taken. "plimsoll record" and Host.here() read this list too.
#   WHAT file LIMIT FOLDER NAME...   files, of each at most LIMIT MiB
#   WHAT run LIMIT WHEN COMMAND      what a command prints; WHEN: "-" always, FILE where it is there, FILE<=N or FILE>N where the
#                                    first number in it is so
# Left out on purpose: nginx -T, which opens logs and makes folders; /proc/PID; keys, as tcp_fastopen_key; files whose reading
# does something, as vm/stat_refresh.
list() {
    cat <<'LIST'
system run 1 - date -u +%Y-%m-%dT%H:%M:%SZ
system run 1 - uname -a
system run 1 /boot grep CONFIG_HZ /boot/config-$(uname -r)
system run 1 /proc/config.gz zcat /proc/config.gz | grep CONFIG_HZ
system file 1 /proc version uptime loadavg stat
system file 1 /etc os-release
system file 1 /proc/sys/kernel hostname osrelease pid_max threads-max
sockets file 32 /proc/net tcp tcp6
sockets file 4 /proc/net udp udp6 unix
sockets file 1 /proc/net sockstat sockstat6
sockets run 1 - ss -s
sockets run 8 /proc/sys/fs/file-nr<=20000 ss -natoiemp
sockets run 8 /proc/sys/fs/file-nr>20000 ss -natoiem
sockets run 4 - ss -x -a --memory
conntrack file 32 /proc/net nf_conntrack
conntrack file 1 /proc/net/stat nf_conntrack
conntrack file 1 /sys/module/nf_conntrack/parameters hashsize
conntrack file 1 /proc/sys/net/netfilter nf_conntrack_count nf_conntrack_max nf_conntrack_buckets nf_conntrack_acct
conntrack file 1 /proc/sys/net/netfilter nf_conntrack_*_timeout nf_conntrack_udp_timeout_stream nf_conntrack_tcp_*
conntrack run 1 /proc/sys/net/netfilter/nf_conntrack_count conntrack -S
conntrack run 8 /proc/sys/net/netfilter/nf_conntrack_count<=20000 conntrack -L
network file 1 /proc/net snmp snmp6 netstat softnet_stat protocols dev
network file 1 /proc/sys/net/core somaxconn netdev_max_backlog netdev_budget netdev_budget_usecs rmem_default rmem_max
network file 1 /proc/sys/net/core wmem_default wmem_max optmem_max default_qdisc
network file 1 /proc/sys/net/ipv4 ip_local_port_range ip_local_reserved_ports ip_unprivileged_port_start ip_forward
network file 1 /proc/sys/net/ipv4 tcp_tw_reuse tcp_tw_reuse_delay tcp_tw_recycle tcp_timestamps tcp_fin_timeout tcp_rfc1337
network file 1 /proc/sys/net/ipv4 tcp_max_tw_buckets tcp_max_orphans tcp_orphan_retries tcp_max_syn_backlog tcp_syncookies
network file 1 /proc/sys/net/ipv4 tcp_synack_retries tcp_syn_retries tcp_retries1 tcp_retries2 tcp_abort_on_overflow
network file 1 /proc/sys/net/ipv4 tcp_window_scaling tcp_keepalive_time tcp_keepalive_intvl tcp_keepalive_probes
network file 1 /proc/sys/net/ipv4 tcp_mem tcp_rmem tcp_wmem udp_mem tcp_moderate_rcvbuf tcp_adv_win_scale tcp_notsent_lowat
network file 1 /proc/sys/net/ipv4 tcp_congestion_control tcp_slow_start_after_idle tcp_migrate_req tcp_fastopen
network file 1 /proc/sys/net/ipv4/neigh/default gc_thresh1 gc_thresh2 gc_thresh3
network file 1 /proc/sys/net/ipv6/neigh/default gc_thresh1 gc_thresh2 gc_thresh3
memory file 1 /proc meminfo vmstat zoneinfo buddyinfo slabinfo swaps
memory file 1 /proc/pressure cpu memory io
memory file 1 /proc/sys/vm dirty_ratio dirty_background_ratio dirty_bytes dirty_background_bytes dirty_expire_centisecs
memory file 1 /proc/sys/vm dirty_writeback_centisecs swappiness overcommit_memory overcommit_ratio min_free_kbytes
memory file 1 /proc/sys/vm lowmem_reserve_ratio watermark_scale_factor vfs_cache_pressure max_map_count nr_hugepages
disk file 1 /proc diskstats mounts
disk file 1 /proc/self mountinfo
disk file 1 /etc fstab
disk file 1 /proc/fs/jbd2/* info
disk file 1 /proc/sys/fs file-nr file-max nr_open inode-nr aio-nr aio-max-nr
disk file 1 /proc/sys/fs/inotify max_user_instances max_user_watches
cgroup file 1 /sys/fs/cgroup cpu.stat memory.stat io.stat cpu.pressure memory.pressure io.pressure
cgroup file 1 /sys/fs/cgroup/system.slice memory.[ceghmx]* cpu.max cpu.stat pids.[cem]* io.max
cgroup file 1 /sys/fs/cgroup/system.slice/nginx.service memory.[ceghmx]* cpu.max cpu.stat pids.[cem]* io.max
cgroup file 1 /sys/fs/cgroup/system.slice/php*fpm.service memory.[ceghmx]* cpu.max cpu.stat pids.[cem]* io.max
cgroup file 1 /sys/fs/cgroup/system.slice/redis*.service memory.[ceghmx]* cpu.max cpu.stat pids.[cem]* io.max
nginx file 1 /etc/nginx nginx.conf
nginx file 1 /etc/nginx/conf.d *
nginx file 1 /etc/nginx/sites-enabled *
nginx file 1 /etc/nginx/snippets *
php file 1 /etc php-fpm.conf
php file 1 /etc/php-fpm.d *.conf
php file 1 /etc/php/*/fpm php-fpm.conf php.ini
php file 1 /etc/php/*/fpm/pool.d *.conf
php file 1 /etc/php/*/fpm/conf.d *opcache.ini
redis file 1 /etc redis.conf
redis file 1 /etc/redis *.conf
LIST
}

say() {
    printf 'collect.sh: %s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

wrong() {
    say "$*; --help says more"
    exit 2
}

work=
clean() {
    # what ends the script must not end this too
    trap '' HUP INT TERM
    if [ -n "$work" ]; then
        rm -rf "$work"
    fi
}

# --- what is asked -------------------------------------------------------------------------------------

newline='
'
without=' '
secret=
whole=
root=
out=
while [ $# -gt 0 ]; do
    case $1 in
        --help)
            usage
            exit 0
            ;;
        --whole) whole=yes ;;
        --without | --root)
            [ $# -gt 1 ] || wrong "$1 needs a word after it"
            case $1 in
                --root) root=${2%/} ;;
                *)
                    case $2 in
                        commands | system | sockets | conntrack | network | memory | disk | cgroup | nginx | php | redis) ;;
                        *) wrong "'$2' is nothing that can be left out" ;;
                    esac
                    without="$without$2 "
                    ;;
            esac
            shift
            ;;
        -*) wrong "there is no option $1" ;;
        *)
            [ -z "$out" ] || wrong "one OUT, not '$out' and '$1'"
            out=$1
            ;;
    esac
    shift
done

# where administrators' tools are, for who is none
PATH=${PATH:-/usr/bin:/bin}:/usr/sbin:/sbin
for tool in cat date head mkdir mv rm uname wc; do
    command -v "$tool" >/dev/null || die "$tool is missing: nothing can be collected without it"
done
time=$(date -u +%Y%m%dT%H%M%SZ)
host=$(uname -n)
case $host in
    '' | *[!A-Za-z0-9._-]*) host=host ;;
esac
name=plimsoll-$host-$time
[ -n "$out" ] || out=.
if [ -d "$out" ]; then
    out=${out%/}/$name.tar.gz
fi
case $out in
    *.tar.gz) stem=${out%.tar.gz} ;;
    *.tgz) stem=${out%.tgz} ;;
    *) wrong "OUT is a folder that is there, or ends in .tar.gz, and '$out' does not" ;;
esac
case $out in
    */*) folder=${out%/*}/ ;;
    *) folder=./ ;;
esac
case $folder in
    -*) folder=./$folder ;;
esac

# what there is to pack with: an archive, else an archive that is not packed, else a folder
if ! command -v tar >/dev/null; then
    out=$stem
elif ! command -v gzip >/dev/null; then
    out=$stem.tar
fi
[ ! -e "$out" ] || die "$out is there already: give another name"

trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
[ -d "$folder" ] || die "there is no folder $folder to write to"
new=${folder}.$name.$$
# known before it is there, so that a signal in between leaves nothing
work=$new
mkdir "$new" 2>/dev/null || {
    work=
    die "$folder cannot be written: say where, as in sh collect.sh /var/tmp"
}
files=$work/$name

# --- taking --------------------------------------------------------------------------------------------

# A failed write is told from a failed read by writing something else.
room() {
    { printf '%4096s' x >"$work/room"; } 2>/dev/null || die "there is no room left in $folder: nothing was written"
}

missing() {
    printf '%s: %s\n' "$1" "$2" >>"$work/missing"
}

# Takes the file $1, of it at most $2 bytes and one more, which tells that there is more.
take() {
    if [ ! -e "$root$1" ]; then
        missing "$1" "not there"
    elif [ ! -f "$root$1" ]; then
        missing "$1" "no file"
    elif [ ! -r "$root$1" ]; then
        missing "$1" "permission denied, needs root"
    else
        [ -d "$files${1%/*}" ] || mkdir -p "$files${1%/*}" 2>/dev/null || room
        if [ -n "$whole" ]; then
            cat "$root$1"
        else
            head -c $(($2 + 1)) "$root$1"
        fi >"$files$1" 2>"$work/error" || {
            room
            read -r why <"$work/error" || why=unreadable
            rm -f "$files$1"
            missing "$1" "${why##*: }"
            return
        }
        printf '%s %s\n' "$2" "$1" >>"$work/taken"
        # configuration may hold passwords: what was taken of it is said
        case $what in
            nginx | php | redis)
                case $secret in
                    *" $what"*) ;;
                    *) secret="$secret $what" ;;
                esac
                ;;
        esac
    fi
}

# Expands the pattern $1 into $matches, one a line; a name of the host's own may hold a blank, one with a line end is left out.
expand() {
    IFS=
    # shellcheck disable=SC2086
    set -- $1
    unset IFS
    matches=
    [ -e "$1" ] || return 1
    for match; do
        case $match in
            *"$newline"*) missing "${match#"$root"}" "a name with a line end" ;;
            *) matches=$matches${match#"$root"}$newline ;;
        esac
    done
}

# Takes the files that the patterns name in the folders that $base names.
folders() {
    expand "$root$base" || {
        missing "$base" "not there"
        return
    }
    while read -r found <&5; do
        for pattern; do
            case $pattern in
                *[*[]*)
                    if expand "$root$found/$pattern"; then
                        while IFS= read -r file <&6; do
                            [ -z "$file" ] || take "$file" "$limit"
                        done 6<<FILES
$matches
FILES
                    else
                        missing "$found/$pattern" "not there"
                    fi
                    ;;
                *) take "$found/$pattern" "$limit" ;;
            esac
        done
    done 5<<FOLDERS
${matches%"$newline"}
FOLDERS
}

# True where the condition $1 of a command holds.
holds() {
    case $1 in
        -) return 0 ;;
        *'<='*) file=${1%'<='*} ;;
        *'>'*) file=${1%'>'*} ;;
        *) [ -e "$1" ] && return 0 || return 1 ;;
    esac
    number=$(head -n 1 "$file" 2>/dev/null)
    number=${number%%[!0-9]*}
    [ -n "$number" ] || return 1
    case $1 in
        *'<='*) [ "$number" -le "${1##*=}" ] ;;
        *) [ "$number" -gt "${1##*'>'}" ] ;;
    esac
}

limit_time=
if command -v timeout >/dev/null && timeout 1 true 2>/dev/null; then
    limit_time='timeout 1'
fi

# Keeps what the command $2 prints, below a prompt line that says what it is, at most $1 bytes.
run() {
    tool=${2%% *}
    command -v "$tool" >/dev/null || {
        missing "$2" "$tool is not installed"
        return
    }
    runs=$((runs + 1))
    : >"$work/status"
    # the limit of time is two words
    # shellcheck disable=SC2086
    { $limit_time sh -c "$2" </dev/null 2>"$work/error" || echo $? >"$work/status"; } |
        if [ -n "$whole" ]; then cat; else head -c $(($1 + 1)); fi >"$work/output" 2>/dev/null || room
    status=
    read -r status <"$work/status" || status=0
    if [ ! -s "$work/output" ] && [ "$status" != 0 ]; then
        why=
        read -r why <"$work/error" || :
        missing "$2" "${why:-it printed nothing}"
        return
    fi
    shown=$2
    if [ "$status" = 124 ] || [ "$status" = 143 ]; then
        shown="$2 | head"
        missing "$2" "cut after a second: an excerpt"
    elif [ -z "$whole" ] && [ "$(wc -c <"$work/output")" -gt "$1" ]; then
        shown="$2 | head -c $1"
        missing "$2" "cut at $1 bytes: an excerpt; --whole takes all"
    fi
    [ -d "$files/commands" ] || mkdir -p "$files/commands" 2>/dev/null || room
    path=/commands/$runs-$tool.txt
    { printf '$ %s\n' "$shown" && cat "$work/output"; } >"$files$path" 2>/dev/null || room
    printf '%s %s\n' - "$path" >>"$work/taken"
}

runs=0
{ mkdir "$files" && list >"$work/list" && : >"$work/missing" && : >"$work/taken"; } 2>/dev/null || room
while read -r what kind limit rest; do
    case $without in
        *" $what "*)
            continue
            ;;
    esac
    limit=$((limit * 1048576))
    if [ "$kind" = file ]; then
        # words are split here on purpose: folder and names, in which only patterns are expanded
        set -f
        # shellcheck disable=SC2086
        set -- $rest
        set +f
        base=$1
        shift
        folders "$@"
    elif [ -z "$root" ]; then
        case $without in
            *' commands '*) ;;
            *) if holds "${rest%% *}"; then run "$limit" "${rest#* }"; fi ;;
        esac
    fi
done <"$work/list"

# --- what was cut, and the account -----------------------------------------------------------------------

set --
while read -r limit path; do
    set -- "$@" "$name$path"
done <"$work/taken"
[ $# -gt 0 ] || die "nothing could be read below ${root:-/}: is this Linux?"
count=$#
(cd "$work" && wc -c "$@") >"$work/sizes" 2>/dev/null || room

while read -r limit path <&3 && read -r size counted <&4; do
    if [ "$limit" != - ] && [ -z "$whole" ] && [ "$size" -gt "$limit" ]; then
        # the prompt line makes it an excerpt for whoever reads it; the last line is not whole
        {
            printf '$ head -c %s %s\n' "$limit" "$path"
            head -n -1 "$work/$counted" || cat "$work/$counted"
        } >"$work/output" 2>/dev/null || room
        mv "$work/output" "$work/$counted"
        missing "$path" "cut at $limit bytes: an excerpt; --whole takes all"
    fi
done 3<"$work/taken" 4<"$work/sizes"

lacking=0
while read -r line; do
    lacking=$((lacking + 1))
done <"$work/missing"
{
    printf 'What %s showed of itself at %s, taken by collect.sh as user %s.\n' "$host" "$time" "$(id -u 2>/dev/null)"
    printf 'Left out as asked:%s\nBelow: %s\n' "${without% }" "${root:-/}"
    printf 'Configuration was taken as it stands, passwords in it too:%s\n' "${secret:- none}"
    printf '\nTaken, in bytes\n'
    while read -r size path; do
        [ "$path" = total ] || printf '%s %s\n' "$size" "${path#"$name"}"
    done <"$work/sizes"
    printf '\nNot taken, or not whole\n'
    cat "$work/missing"
} >"$files/MANIFEST.txt" 2>/dev/null || room

# --- one archive, whole or not at all ------------------------------------------------------------------

case $out in
    "$stem") mv "$files" "$out" ;;
    "$stem.tar") (cd "$work" && tar -cf archive "$name") && mv "$work/archive" "$out" ;;
    *)
        status=$({ (cd "$work" && tar -cf - "$name" || echo failed >&3) | gzip -1 >"$work/archive" || echo failed >&3; } 3>&1)
        [ -z "$status" ] && mv "$work/archive" "$out"
        ;;
esac 2>/dev/null || {
    room
    die "$out could not be written"
}
if [ -s "$work/missing" ]; then
    say "not taken, or not whole:"
    while read -r line; do
        printf '  %s\n' "$line" >&2
    done <"$work/missing"
fi
[ -z "$secret" ] || say "configuration was taken as it stands and may hold passwords:$secret (--without leaves it out)"
say "$count files taken, $lacking not: $out"
printf '%s\n' "$out"
