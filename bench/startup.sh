#!/bin/sh
# Wall time of a whole ./plimsoll run as a ratio to a hello-world JVM: both in turn, medians.
# Usage: bench/startup.sh [RUNS] [ARGUMENTS OF plimsoll], by default 15 runs of `report datasets/license-api`.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
runs=${1:-15}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- report "$home/datasets/license-api"
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Hello.java" <<'JAVA'
public class Hello {
    public static void main(String[] args) {
        System.out.println("hello");
    }
}
JAVA
"${java}c" -d "$work" "$work/Hello.java"

# Nanoseconds of the command, appended to the file $1.
timed() {
    to=$1
    shift
    start=$(date +%s%N)
    "$@" >/dev/null
    end=$(date +%s%N)
    echo $((end - start)) >>"$to"
}

median() {
    sort -n "$1" | sed -n "$(((runs + 1) / 2))p"
}

"$home/plimsoll" "$@" >/dev/null
"$java" -cp "$work" Hello >/dev/null
i=0
while [ $i -lt "$runs" ]; do
    timed "$work/hello" "$java" -cp "$work" Hello
    timed "$work/plimsoll" "$home/plimsoll" "$@"
    i=$((i + 1))
done
hello=$(median "$work/hello")
plimsoll=$(median "$work/plimsoll")
tenths=$((plimsoll * 10 / hello))
echo "hello $((hello / 1000000)) ms, plimsoll $((plimsoll / 1000000)) ms, ratio $((tenths / 10)).$((tenths % 10)) (medians of $runs, in turn)"
