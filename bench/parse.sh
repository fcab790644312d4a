#!/bin/sh
# Reading a million rows into columns, against what is used for it today: one run, medians of five, on inputs it makes itself.
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

race() {
    "$java" -Xmx3g -XX:+UseParallelGC -cp "$class_path" plimsoll.telemetry.ParseRace "$@"
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

# How many times $2 seconds fit into $1 milliseconds.
times() {
    awk -v ms="$1" -v s="$2" 'BEGIN { printf "%.2f times", ms / s / 1000 }'
}

seconds() {
    echo "$1" | cut -d ' ' -f 1
}

read_race() {
    for kind in conntrack tcp ss; do
        input $kind "$rows"
        echo
        echo "$kind, $(($(wc -c <"$file") / 1000000)) MB; s, MB/s"
        awks=$(median "awk '{print \$1}' '$file' | sort | uniq -c")
        one=$(race wall $kind 1 "$file")
        two=$(race wall $kind 2 "$file")
        ratio=$(awk -v one="$(seconds "$one")" -v two="$(seconds "$two")" 'BEGIN { printf "%.2f", one / two }')
        echo "  plimsoll, 1 thread          $one; of its processor time $(race read $kind 1 "$file")"
        echo "  plimsoll, 2 threads         $two, $ratio times one thread"
        echo "  awk '{print \$1}' | sort | uniq -c  $awks ms: $(times "$awks" "$(seconds "$one")") one thread," \
            "$(times "$awks" "$(seconds "$two")") two"
        echo "  wc -l                       $(median "wc -l <'$file'") ms"
        echo "  cat > /dev/null             $(median "cat '$file'") ms"
    done
}

others_race() {
    echo
    small=100000
    if command -v jc >/dev/null; then
        input ss $small
        # jc needs the first column that ss prints when several kinds of sockets are asked for
        sed 's/^/tcp   /; 1s/^tcp  /Netid/' "$file" >"$work/ss.jc"
        one=$(race wall ss 1 "$file")
        two=$(race wall ss 2 "$file")
        jcs=$(median "jc --ss <'$work/ss.jc'")
        echo "jc --ss, $small rows: $jcs ms; plimsoll $one: $(times "$jcs" "$(seconds "$one")");" \
            "two threads $two: $(times "$jcs" "$(seconds "$two")")"
    else
        echo "jc: NOT RUN, it is not installed (Debian: apt-get install jc)"
    fi
    if (cd "$work" && GO111MODULE=off GOPATH=/usr/share/gocode go build -o procfs "$home/bench/src/main/go/procfs.go") 2>/dev/null; then
        input tcp "$rows"
        mkdir -p "$work/proc/net"
        ln -sf "$file" "$work/proc/net/tcp"
        one=$(race wall tcp 1 "$file")
        go=$("$work/procfs" "$work/proc" | sort -n | sed -n 3p)
        echo "prometheus/procfs NetTCP, $rows rows: $go ms; plimsoll $one: $(times "$go" "$(seconds "$one")")"
    else
        echo "prometheus/procfs: NOT RUN, it does not build (Debian: apt-get install golang-go golang-github-prometheus-procfs-dev)"
    fi
}

group_race() {
    input conntrack "$rows"
    echo
    echo "grouping $rows rows: columns, s here, s with Tablesaw, ratio"
    "$java" -Xmx4g -XX:+UseParallelGC -cp "$class_path" plimsoll.telemetry.ParseRace group "$file"
}

whole_race() {
    input conntrack "$rows"
    echo
    echo "whole process, JVM start included"
    "$home/plimsoll" sources "$file" >/dev/null
    own=$(median "'$home/plimsoll' sources '$file'")
    awks=$(median "awk '{print \$6}' '$file' | sort | uniq -c")
    echo "  plimsoll sources  $own ms"
    echo "  awk '{print \$6}' | sort | uniq -c  $awks ms: $(times "$awks" "$(awk -v ms="$own" 'BEGIN { print ms / 1000 }')")"
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
        echo "  $kind $(bounded $kind "$bytes" || echo FAILED) -Xmx$((bytes / 1048576 + 64))m"
    done
}

growth_race() {
    echo
    echo "growth: conntrack rows, bytes of the columns, s of processor time; each with a heap of those bytes and 64 MiB"
    : >"$work/growth"
    for count in 10000 100000 1000000 3000000 10000000; do
        input conntrack $count
        bytes=$(race heap conntrack "$file" | cut -d ' ' -f 2)
        bounded conntrack "$bytes" >>"$work/growth"
        echo "  $(tail -n 1 "$work/growth") -Xmx$((bytes / 1048576 + 64))m"
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
