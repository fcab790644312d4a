#!/bin/sh
# How long after a bare jshell would have been ready the first answer stands there: plain jshell with Plimsoll on its class path, and a script
# through ./plimsoll shell. In turn, medians.
# Usage: bench/shell.sh [RUNS], by default 7; runs on what the build left in cli/target.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
runs=${1:-7}
bin=${JAVA_HOME:+$JAVA_HOME/bin/}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$home/notebooks/src/main/resources/plimsoll/notebooks/start.jsh" "$work/start.jsh"
# one jar that names the others, as the installed plimsoll-notebooks does: jshell looks through what it is given by name
{
    printf 'Class-Path:'
    find "$home/cli/target/lib" -name '*.jar' | sed 's|^|  file:|'
} | sed '1s/  file:/ file:/' >"$work/manifest"
"${bin}jar" --create --file "$work/plimsoll.jar" --manifest "$work/manifest"
class_path=$work/plimsoll.jar
echo '/exit' >"$work/nothing.jsh"
printf '%s\n' "System.out.println(Host.read(\"$home/datasets/license-api\").ports(\"500/s\"))" '/exit' >"$work/first.jsh"
printf '%s\n' 'host.ports("500/s")' >"$work/script.jsh"

# Nanoseconds of the command, appended to the file $1.
timed() {
    to=$1
    shift
    start=$(date +%s%N)
    "$@" >"$work/out" 2>&1
    end=$(date +%s%N)
    echo $((end - start)) >>"$to"
}

script() { "$home/plimsoll" shell "$home/datasets/license-api" <"$work/script.jsh"; }

median() {
    echo $(($(sort -n "$1" | sed -n "$(((runs + 1) / 2))p") / 1000000))
}

script >/dev/null
i=0
while [ $i -lt "$runs" ]; do
    timed "$work/bare" "${bin}jshell" -s "$work/nothing.jsh"
    timed "$work/first" "${bin}jshell" --class-path "$class_path" --startup DEFAULT --startup "$work/start.jsh" -s "$work/first.jsh"
    grep -q 'ports OVER' "$work/out"
    timed "$work/script" script
    grep -q 'ports OVER' "$work/out"
    i=$((i + 1))
done
bare=$(median "$work/bare")
first=$(median "$work/first")
echo "bare jshell $bare ms, first answer $first ms: $((first - bare)) ms after; a script $(median "$work/script") ms (medians of $runs, in turn)"
