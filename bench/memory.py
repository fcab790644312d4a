#!/usr/bin/env python3
"""Whether each format is read in 4 times the size of its file, and 192 MiB.

Each sample of the tests is repeated until it is 20 MiB long, and read by `plimsoll sources` with a heap of 4 times its size and 192 MiB; so are
texts made to take much. Says from which line on something was left for want of memory. Fails where Java ran out of memory, or took more
than five minutes of processor time.

Usage: bench/memory.py [WORD...], by default all; with words those whose name holds one. Needs ./plimsoll to have been built, and some 15
minutes of processor time.
"""
import os
import re
import resource
import subprocess
import sys
import tempfile

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SAMPLES = os.path.join(HOME, 'telemetry/src/test/resources/plimsoll/telemetry/samples')
SIZE = 20 << 20
HEAP = 192 + 4 * (SIZE >> 20)
SECONDS = 300

# name: first lines, and a further line by its number
MADE = {
    'made/noise': ('', lambda i: 'x\n'),
    'made/blank': ('', lambda i: '\n'),
    'made/paragraphs': ('', lambda i: 'a\n\n'),
    'made/prompts': ('', lambda i: '$ ls\n'),
    'made/dates': ('', lambda i: 'Sat Nov 21 18:%02d:%02d UTC 2026\n' % (i // 60 % 60, i % 60)),
    'made/meminfo-of-one-line': ('', lambda i: 'MemTotal: %d kB\n' % i),
    'made/names.prom': ('# HELP a b\n# TYPE a gauge\n', lambda i: 'a%d 1\n' % i),
    'made/names-of-one-hash.prom': ('# HELP a b\n# TYPE a gauge\n',
                                    lambda i: ''.join('BB' if i >> k & 1 else 'Aa' for k in range(20)) + ' 1\n'),
    'made/names-of-redis-info': ('# Server\nredis_version:7.2.4\n', lambda i: 'a%d:1\n' % i),
    'made/log': ('', lambda i: 'kernel: TCP: %d\n' % i),
}


def write(path, first, line):
    with open(path, 'w') as out:
        written = out.write(first)
        i = 0
        while written < SIZE:
            written += out.write(line(i))
            i += 1


def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def read(folder):
    command = ['java', '-Xmx%dm' % HEAP, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp',
               HOME + '/cli/target/plimsoll.jar:' + HOME + '/cli/target/lib/*', 'plimsoll.cli.Main', 'sources', folder]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=limited)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def main():
    print('%-36s %9s  %s' % ('repeated to 20 MiB', 'fits in %d' % HEAP, 'what is left'))
    failed = False
    names = sorted(os.path.relpath(os.path.join(folder, n), SAMPLES) for folder, _, files in os.walk(SAMPLES) for n in files)
    for name in names + list(MADE):
        if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
            continue
        with tempfile.TemporaryDirectory() as work:
            path = os.path.join(work, name.replace('made/', ''))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if name in MADE:
                write(path, *MADE[name])
            else:
                with open(os.path.join(SAMPLES, name)) as sample:
                    content = sample.read()
                if not content:
                    continue
                write(path, '', lambda i: content if content.endswith('\n') else content + '\n')
            status, said = read(work)
        fits = status >= 0 and 'fit in the memory' not in said and 'OutOfMemory' not in said
        failed |= not fits
        left = re.search(r':(\d+) and what is below it is not kept', said)
        print('%-36s %9s  %s' % (name, 'yes' if fits else 'NO', 'from line %s on' % left.group(1) if left else ''), flush=True)
    sys.exit(1 if failed else 0)


main()
