#!/bin/sh
# Reading a million rows into columns, against what is used for it today: one run, medians of five, on inputs it makes itself.
# Usage: bench/parse.sh [ROWS], by default 1000000. Needs a JDK, Maven and 1 GB of disk in a temporary folder.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
rows=${1:-1000000}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

"$home/plimsoll" --version >/dev/null
(cd "$home" && mvn -q -B -Dmaven.test.skip=true -pl bench -am package)
class_path=$home/bench/target/classes:$home/telemetry/target/classes:$home/dsl/target/classes
for jar in "$home"/cli/target/lib/*.jar; do
    class_path=$class_path:$jar
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

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

echo "$rows rows, $(nproc) processors, load $(cut -d ' ' -f 1-3 /proc/loadavg), $("$java" -version 2>&1 | sed -n 1p)"
for kind in conntrack tcp ss; do
    file=$work/$kind
    "$java" -cp "$class_path" plimsoll.bench.Inputs $kind "$rows" "$file"
    cat "$file" >/dev/null
    echo
    echo "$kind, $(($(wc -c <"$file") / 1000000)) MB"
    echo "  plimsoll, 1 thread     $(race read $kind 1 "$file") (s of processor time, MB/s)"
    echo "  plimsoll, 1 thread     $(race wall $kind 1 "$file") (s, MB/s)"
    echo "  plimsoll, 2 threads    $(race wall $kind 2 "$file") (s, MB/s)"
    echo "  awk | sort | uniq -c   $(median "awk '{print \$1}' '$file' | sort | uniq -c") ms"
    echo "  wc -l                  $(median "wc -l <'$file'") ms"
    echo "  cat > /dev/null        $(median "cat '$file' | cat") ms"
done
echo
if command -v jc >/dev/null; then
    head -n 100001 "$work/ss" >"$work/ss.100k"
    echo "jc --ss on 100000 rows   $(median "jc --ss <'$work/ss.100k'") ms"
else
    echo "jc: NOT RUN, it is not installed (Debian: apt-get install jc)"
fi
echo "prometheus/procfs: NOT RUN, no build of it is part of this script"
echo
echo "grouping: columns, s here, s with Tablesaw, ratio"
"$java" -Xmx4g -XX:+UseParallelGC -cp "$class_path" plimsoll.telemetry.ParseRace group "$work/conntrack"
echo
echo "heap of reading: rows, bytes of the columns, s, under a heap of those bytes and 64 MiB"
for kind in conntrack tcp ss; do
    bytes=$(race heap $kind "$work/$kind" | cut -d ' ' -f 2)
    limit=$((bytes / 1048576 + 64))
    echo "  $kind $("$java" -Xmx${limit}m -XX:+UseSerialGC -cp "$class_path" plimsoll.telemetry.ParseRace heap $kind "$work/$kind" || echo failed) -Xmx${limit}m"
done
echo
echo "whole process, JVM start included"
"$home/plimsoll" sources "$work/conntrack" >/dev/null
echo "  plimsoll sources       $(median "'$home/plimsoll' sources '$work/conntrack'") ms"
echo "  awk | sort | uniq -c   $(median "awk '{print \$6}' '$work/conntrack' | sort | uniq -c") ms"
