#!/bin/sh
# Reading a million rows into columns, against what is used for it today: one run, medians of five, on inputs it makes itself.
# Each figure stands with what it should at least be, and whether it is. Takes two to three minutes on 2 processors.
# Usage: bench/parse.sh [PART...], by default all: read others group whole heap growth.
# Needs a JDK, Maven, 1 GB of disk in a temporary folder (3 GB for growth), and on Debian for the part others:
# apt-get install jc golang-go golang-github-prometheus-procfs-dev; what is not there is said to be not run.
# The inputs stay for the next run where PLIMSOLL_BENCH names a folder for them. ROWS=100000 makes smaller ones.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
rows=${ROWS:-1000000}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
parts=${*:-read others group whole heap growth}

"$home/plimsoll" --version >/dev/null
(cd "$home" && mvn -q -B -Dmaven.test.skip=true -pl bench -am package)
class_path=$home/bench/target/classes:$home/telemetry/target/classes:$home/dsl/target/classes:$home/plots/target/classes
for jar in "$home"/cli/target/lib/*.jar; do
    class_path=$class_path:$jar
done
if [ -n "${PLIMSOLL_BENCH:-}" ]; then
    work=$PLIMSOLL_BENCH
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi

# The file of the kind $1 with $2 rows.
input() {
    file=$work/$1.$2
    if [ ! -f "$file" ]; then
        "$java" -cp "$class_path" plimsoll.bench.Inputs "$1" "$2" "$file.new"
        mv "$file.new" "$file"
    fi
    cat "$file" >/dev/null
}

# A heap that is there before the first run: what is measured is reading, not the system's handing out of memory.
race() {
    "$java" -Xms1g -Xmx3g -XX:+UseParallelGC -XX:+AlwaysPreTouch -cp "$class_path" plimsoll.telemetry.ParseRace "$@"
}

# The median of five wall times of the shell command $1, in milliseconds.
median() {
    i=0
    while [ $i -lt 5 ]; do
        start=$(date +%s%N)
        sh -c "$1" >/dev/null
        end=$(date +%s%N)
        echo $(((end - start) / 1000000))
        i=$((i + 1))
    done | sort -n | sed -n 3p
}

# The quotient of $1 and $2, with two digits behind the point.
ratio() {
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# How many times the ms $1 are the s $2.
faster() {
    ratio "$1" "$(awk -v s="$2" 'BEGIN { print 1000 * s }')"
}

word() {
    echo "$2" | cut -d ' ' -f "$1"
}

met=0
missed=0

# Says that the figure $2, of what $1 names, should at least be $3, and what follows it.
check() {
    if awk -v is="$2" -v least="$3" 'BEGIN { exit !(is + 0 >= least + 0) }'; then
        met=$((met + 1))
        verdict=yes
    else
        missed=$((missed + 1))
        verdict=NO
    fi
    printf '  %-50s %8s, at least %5s: %-3s  %s\n' "$1" "$2" "$3" "$verdict" "${4:-}"
}

# Of the kind $1: at least $2 MB/s on one thread.
reading() {
    kind=$1
    input "$kind" "$rows"
    echo
    echo "$kind, $(($(wc -c <"$file") / 1000000)) MB"
    awks=$(median "awk '{print \$1}' '$file' | sort | uniq -c")
    one=$(race wall "$kind" 1 "$file")
    two=$(race wall "$kind" 2 "$file")
    check "one thread, MB/s" "$(word 2 "$one")" "$2" "$(word 1 "$one") s"
    check "two threads, times one thread" "$(ratio "$(word 1 "$one")" "$(word 1 "$two")")" 1.5 "$two MB/s"
    check "one thread, times awk '{print \$1}' | sort | uniq -c" "$(faster "$awks" "$(word 1 "$one")")" 2 "$awks ms"
    check "two threads, times awk" "$(faster "$awks" "$(word 1 "$two")")" 2.5
    echo "  the limit: wc -l $(median "wc -l <'$file'") ms, cat >/dev/null $(median "cat '$file'") ms"
}

read_race() {
    reading conntrack 600
    reading tcp 1100
    reading ss 500
}

others_race() {
    echo
    echo "others, which use one thread each"
    small=100000
    if command -v jc >/dev/null; then
        input ss $small
        # jc needs the first column that ss prints when several kinds of sockets are asked for
        sed 's/^/tcp   /; 1s/^tcp  /Netid/' "$file" >"$work/ss.jc"
        one=$(race wall ss 1 "$file")
        two=$(race wall ss 2 "$file")
        jcs=$(median "jc --ss <'$work/ss.jc'")
        check "two threads, times jc --ss, $small rows" "$(faster "$jcs" "$(word 1 "$two")")" 50 \
            "$(word 1 "$two") s, $jcs ms; one thread $(faster "$jcs" "$(word 1 "$one")") times"
    else
        echo "  jc: NOT RUN, it is not installed (Debian: apt-get install jc)"
    fi
    if (cd "$work" && GO111MODULE=off GOPATH=/usr/share/gocode go build -o procfs "$home/bench/src/main/go/procfs.go") 2>/dev/null; then
        input tcp "$rows"
        mkdir -p "$work/proc/net"
        ln -sf "$file" "$work/proc/net/tcp"
        one=$(race wall tcp 1 "$file")
        go=$("$work/procfs" "$work/proc" | sort -n | sed -n 3p)
        check "one thread, times prometheus/procfs NetTCP" "$(faster "$go" "$(word 1 "$one")")" 5 "$go ms, $(word 1 "$one") s"
    else
        echo "  prometheus/procfs: NOT RUN, it does not build" \
            "(Debian: apt-get install golang-go golang-github-prometheus-procfs-dev)"
    fi
}

group_race() {
    input conntrack "$rows"
    echo
    echo "grouping $rows rows, processor time"
    "$java" -Xmx4g -XX:+UseParallelGC -cp "$class_path" plimsoll.telemetry.ParseRace group "$file" >"$work/group"
    while read -r by own saw quotient; do
        check "by $by, times Tablesaw" "$quotient" 10 "$own s, $saw s"
    done <"$work/group"
}

whole_race() {
    input conntrack "$rows"
    echo
    echo "whole process, JVM start included"
    "$home/plimsoll" sources "$file" >/dev/null
    own=$(median "'$home/plimsoll' sources '$file'")
    awks=$(median "awk '{print \$6}' '$file' | sort | uniq -c")
    check "plimsoll sources, times awk '{print \$6}' | ..." "$(ratio "$awks" "$own")" 1.5 "$own ms, $awks ms"
}

# Reads $file, of the kind $1 and with columns of $2 bytes, with a heap of little more.
bounded() {
    "$java" -Xmx$(($2 / 1048576 + 64))m -Xmn24m -XX:+UseSerialGC -cp "$class_path" plimsoll.telemetry.ParseRace heap "$1" "$file"
}

heap_race() {
    echo
    echo "heap: rows, bytes of the columns, s of processor time, with a heap of those bytes and 64 MiB"
    for kind in conntrack tcp ss; do
        input $kind "$rows"
        bytes=$(race heap $kind "$file" | cut -d ' ' -f 2)
        if read=$(bounded $kind "$bytes"); then
            met=$((met + 1))
            echo "  $kind $read -Xmx$((bytes / 1048576 + 64))m: yes"
        else
            missed=$((missed + 1))
            echo "  $kind -Xmx$((bytes / 1048576 + 64))m: NO, it does not fit"
        fi
    done
}

growth_race() {
    echo
    echo "growth: conntrack rows, bytes of the columns, s of processor time; each with a heap of those bytes and 64 MiB"
    : >"$work/growth"
    for count in 10000 100000 1000000 3000000 10000000; do
        input conntrack $count
        bytes=$(race heap conntrack "$file" | cut -d ' ' -f 2)
        for i in 1 2 3; do
            bounded conntrack "$bytes" || echo "0 0 NO"
        done | sort -n -k 3 >"$work/thrice"
        if grep -q NO "$work/thrice"; then
            missed=$((missed + 1))
            echo "  $count rows: NO, they do not fit into -Xmx$((bytes / 1048576 + 64))m"
            continue
        fi
        met=$((met + 1))
        sed -n 2p "$work/thrice" >>"$work/growth"
        echo "  $(tail -n 1 "$work/growth") -Xmx$((bytes / 1048576 + 64))m: yes"
        [ $count -le 1000000 ] || rm "$file"
    done
    "$java" -Djava.awt.headless=true -cp "$class_path" plimsoll.telemetry.ParseRace picture "$work/growth" "$work/growth.svg"
    cp "$work/growth.svg" "$home/bench/target/growth.svg"
    echo "  picture: bench/target/growth.svg"
}

echo "$rows rows, $(nproc) processors, load $(cut -d ' ' -f 1-3 /proc/loadavg), $("$java" -version 2>&1 | sed -n 1p)"
for part in $parts; do
    "${part}_race"
done
echo
echo "$met lines reach what they should, $missed do not"
