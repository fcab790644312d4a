#!/usr/bin/env python3
"""How long it takes until an archive that was made to fill a machine is refused by name, and the rest of its capture is read.

Each bomb is made in a folder of its own, beside a file that has to be read all the same, and ./plimsoll sources is timed on that folder:
wall time of the whole process, the start of the JVM included, the smallest and the median of five; more than a second is marked SLOW. Fails
where the bomb is not named with what refuses it, or where the file beside it is not read.

Usage: bench/bombs.py [NAME...], by default all. Needs Python 3, 8 GB of disk in a temporary folder and some minutes to make the bombs,
or PLIMSOLL_BENCH=FOLDER to keep them for the next run. RUNS=1 measures once.
"""
import bz2
import gzip
import io
import lzma
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MANY = 1_000_000
ZEROS = b'\0' * (1 << 20)
VALUE = b'vm.dirty_ratio = 20\n'


def header(name, size, kind=tarfile.REGTYPE):
    info = tarfile.TarInfo(name)
    info.size = size
    info.type = kind
    return info.tobuf(tarfile.GNU_FORMAT)


def padded(data):
    return data + b'\0' * (-len(data) % 512)


def small(name, data=VALUE):
    return header(name, len(data)) + padded(data)


def each(name, count, data=b'', kind=tarfile.REGTYPE, target=''):
    """The blocks of a tar file of so many files, their names and targets made by a number; quicker than tarfile makes them."""
    blank = tarfile.TarInfo('')
    blank.size = len(data)
    blank.type = kind
    blank = bytearray(blank.tobuf(tarfile.GNU_FORMAT))
    blank[148:156] = b' ' * 8
    total = sum(blank)
    rest = padded(data)
    for i in range(count):
        block = bytearray(blank)
        own = (name(i) if callable(name) else name % i).encode()
        block[:len(own)] = own
        block[148:155] = b'%06o\0' % (total + sum(own))
        if target:
            to = (target % i).encode()
            block[157:157 + len(to)] = to
            block[148:155] = b'%06o\0' % (total + sum(own) + sum(to))
        yield bytes(block) + rest


def many_entries(count, data=VALUE):
    """The blocks of a tar file of so many small files, a thousand to a folder."""
    return each(lambda i: 'proc/%d/%d' % (i // 1000, i), count, data)


def of_zeros(size):
    """The blocks of a tar file of one file of zeros."""
    yield header('zeros', size)
    for _ in range(size >> 20):
        yield ZEROS


def of_text(size, ratio):
    """The blocks of a tar file of one file that packs to about that ratio: some bytes of noise, then many zeros."""
    yield header('text', size)
    noise = max(0, (1 << 20) // ratio - 1100)
    for _ in range(size >> 20):
        yield os.urandom(noise) + b'\0' * ((1 << 20) - noise)


def of_lines(size, ratio, headed=True):
    """The blocks of a tar file of one file of lines that packs to about that ratio: some lines of noise, then one line over and over."""
    if headed:
        yield header('lines', size)
    same = b'Nov 21 10:00:00 web1 kernel: nf_conntrack: nf_conntrack: table full, dropping packet\n'
    noise = max(0, int(1.6 * ((1 << 20) / ratio - 3600)))
    for _ in range(size >> 20):
        lines = os.urandom(noise // 2).hex().encode()
        block = b'\n'.join(lines[i:i + 99] for i in range(0, len(lines), 99)) + b'\n'
        yield (block + same * ((1 << 20) // len(same) + 1))[:1 << 20]


def write(path, opened, blocks, before=(), after=()):
    with opened(path) as out:
        for block in before:
            out.write(block)
        for block in blocks:
            out.write(block)
        for block in after:
            out.write(block)
        out.write(b'\0' * 1024)


def gz(path):
    return gzip.open(path, "wb", 6)


def xz(path):
    return lzma.open(path, 'wb', preset=0)


def plain(path):
    return open(path, 'wb')


GOOD = [small('good.txt', b'vm.dirty_background_ratio = 10\n')]


def tar_of(opened, blocks):
    return lambda path: write(path, opened, blocks(), GOOD)


def zip_of_many(path):
    with zipfile.ZipFile(path, 'w') as out:
        for i in range(MANY):
            out.writestr('proc/%d/%d' % (i // 1000, i), VALUE)


def zip_of_directory_only(path):
    """A zip file whose directory names each of a million times the same entry: all of them lie over each other."""
    name = b'zeros'
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(VALUE) + packer.flush()
    crc = zlib.crc32(VALUE)
    local = struct.pack('<IHHHHHIIIHH', 0x04034b50, 20, 0, 8, 0, 0x21, crc, len(packed), len(VALUE), len(name), 0) + name + packed
    with open(path, 'wb') as out:
        out.write(local)
        length = 0
        for i in range(MANY):
            own = b'%07d' % i
            entry = struct.pack('<IHHHHHHIIIHHHHHII', 0x02014b50, 20, 20, 0, 8, 0, 0x21, crc, len(packed), len(VALUE), len(own), 0, 0, 0,
                                0, 0, 0) + own
            out.write(entry)
            length += len(entry)
        end = len(local) + length
        out.write(struct.pack('<IQHHIIQQQQ', 0x06064b50, 44, 45, 45, 0, 0, MANY, MANY, length, len(local)))
        out.write(struct.pack('<IIQI', 0x07064b50, 0, end, 1))
        out.write(struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, 0xffff, 0xffff, 0xffffffff, 0xffffffff, 0))


def zip_overlapping(count, ratio):
    """As David Fifield's: each entry of the directory is the same packed bytes, which unpack to 64 MiB."""
    def make(path):
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        size = 64 << 20
        packed = b''
        crc = 0
        for block in of_text(size, ratio):
            if len(block) == 512:
                continue
            packed += packer.compress(block)
            crc = zlib.crc32(block, crc)
        packed += packer.flush()
        local = struct.pack('<IHHHHHIIIHH', 0x04034b50, 20, 0, 8, 0, 0x21, crc, len(packed), size, 1, 0) + b'x' + packed
        with open(path, 'wb') as out:
            out.write(local)
            length = 0
            for i in range(count):
                own = b'%07d' % i
                entry = struct.pack('<IHHHHHHIIIHHHHHII', 0x02014b50, 20, 20, 0, 8, 0, 0x21, crc, len(packed), size, len(own), 0, 0,
                                    0, 0, 0, 0) + own
                out.write(entry)
                length += len(entry)
            out.write(struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, count, count, length, len(local), 0))
    return make


def zip_of(*files):
    def make(path):
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED, compresslevel=6) as out:
            for name, blocks in files:
                with out.open(name, 'w', force_zip64=True) as entry:
                    for block in blocks():
                        entry.write(block)
    return make


def nested_zip(path):
    """As 42.zip: five levels of sixteen archives in each other."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as out:
        for i in range(16):
            out.writestr('%x.dll' % i, ZEROS * 64)
    for level in range(5):
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, 'w', zipfile.ZIP_DEFLATED) as out:
            for i in range(16):
                out.writestr('lib%x.zip' % i, inner.getvalue())
        inner = outer
    with open(path, 'wb') as out:
        out.write(inner.getvalue())


def gz_of(blocks):
    def make(path):
        with gz(path) as out:
            for block in blocks():
                out.write(block)
    return make


def xz_of(blocks):
    def make(path):
        with xz(path) as out:
            for block in blocks():
                out.write(block)
    return make


def members(pack):
    """Half a million packed files in a row, with nothing in them."""
    def make(path):
        with open(path, 'wb') as out:
            member = pack(b'')
            for _ in range(500):
                out.write(member * 1000)
    return make


def lines(count, ratio):
    """The blocks of a tar file of so many files of one GiB of lines."""
    return lambda: (block for _ in range(count) for block in of_lines(1 << 30, ratio))


def sparse_tar(path):
    with open(path, 'wb') as out:
        out.write(GOOD[0])
        out.write(header('stored', 3 << 30))
        out.seek(3 << 30, os.SEEK_CUR)
        out.write(small('after.txt'))
        out.write(b'\0' * 1024)


def sparse_total(path):
    with open(path, 'wb') as out:
        out.write(GOOD[0])
        for i in range(12):
            out.write(header('stored%d' % i, 1 << 30))
            out.seek(1 << 30, os.SEEK_CUR)
        out.write(b'\0' * 1024)


def sparse_file(path):
    with open(path, 'wb') as out:
        out.truncate(3 << 30)


def gnu_sparse(path):
    """What tar -S makes of a file of a TiB with nothing in it."""
    hole = path + '.hole'
    with open(hole, 'wb') as out:
        out.truncate(1 << 40)
    subprocess.run(['tar', '-S', '-C', os.path.dirname(hole), '-cf', path, os.path.basename(hole)], check=True)
    os.remove(hole)


def deep(path, separator='/'):
    write(path, gz, (small('d/' * 120 + str(i)) for i in range(1000)), GOOD)


def deep_names(path):
    """Names of 64 KiB each."""
    with tarfile.open(path, 'w:gz', format=tarfile.GNU_FORMAT) as out:
        for i in range(2000):
            info = tarfile.TarInfo('d/' * 30000 + str(i))
            out.addfile(info, io.BytesIO())


def deep_folder(path):
    os.makedirs(path)
    at = os.open(path, os.O_RDONLY)
    for _ in range(5000):
        os.mkdir('d', dir_fd=at)
        below = os.open('d', os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)


def wide_folder(path):
    os.makedirs(path)
    for i in range(MANY):
        with open('%s/%d' % (path, i), 'wb', buffering=0) as out:
            out.write(VALUE)


def folders(path):
    for i in range(1000):
        os.makedirs('%s/%d' % (path, i))
        for j in range(1000):
            os.mkdir('%s/%d/%d' % (path, i, j))


def many_links():
    return each('link%d', MANY, kind=tarfile.SYMTYPE, target='x%d')


def refused_names():
    return each('/etc/%d', MANY, VALUE)


# name: the file's name, what makes it, the limit that its sentence has to name
BOMBS = {
    'count.tar': (tar_of(plain, lambda: many_entries(MANY)), 'limit.entries'),
    'count.tar.gz': (tar_of(gz, lambda: many_entries(MANY)), 'limit.entries'),
    'count.tar.xz': (tar_of(xz, lambda: many_entries(MANY)), 'limit.entries'),
    'count.zip': (zip_of_many, 'limit.entries'),
    'empty.tar.gz': (tar_of(gz, lambda: many_entries(MANY, b'')), 'limit.'),
    'refused.tar.gz': (tar_of(gz, refused_names), 'limit.entries'),
    'links.tar.gz': (tar_of(gz, many_links), 'limit.entries'),
    'directory.zip': (zip_of_directory_only, 'limit.entries'),
    'count.folder': (wide_folder, 'limit.entries'),
    'folders.folder': (folders, 'limit.entries'),
    'ratio.gz': (gz_of(lambda: of_zeros(4 << 30)), 'limit.ratio'),
    'ratio.xz': (xz_of(lambda: of_zeros(4 << 30)), 'limit.ratio'),
    'ratio.tar.gz': (tar_of(gz, lambda: of_zeros(1 << 30)), 'limit.ratio'),
    'ratio.tar.xz': (tar_of(xz, lambda: of_zeros(1 << 30)), 'limit.ratio'),
    'ratio.zip': (zip_of(('zeros', lambda: of_zeros(1 << 30))), 'limit.ratio'),
    'overlapping.zip': (zip_overlapping(60_000, 1000), 'limit.'),
    'overlapping-400.zip': (zip_overlapping(1_000, 400), 'limit.'),
    'entry.gz': (gz_of(lambda: of_text(3 << 30, 400)), 'not read'),
    'entry.tar.gz': (tar_of(gz, lambda: of_text(3 << 30, 400)), 'limit.'),
    'entry.tar.xz': (tar_of(xz, lambda: of_text(3 << 30, 400)), 'limit.'),
    'entry.zip': (zip_of(('text', lambda: of_text(3 << 30, 400))), 'limit.'),
    'entry.tar': (sparse_tar, 'limit.file'),
    'entry.log': (sparse_file, 'limit.file'),
    'entry-90.gz': (gz_of(lambda: of_lines(3 << 30, 90, False)), 'limit.'),
    'total.tar': (sparse_total, 'binary'),
    'total.tar.gz': (tar_of(gz, lambda: (b for i in range(10) for b in of_text(1 << 30, 400))), 'limit.'),
    'total.zip': (zip_of(*[('text%d' % i, lambda: of_text(1 << 30, 400)) for i in range(10)]), 'limit.'),
    'total-90.tar.gz': (tar_of(gz, lines(10, 90)), 'limit.'),
    'total-90.tar.xz': (tar_of(xz, lines(10, 90)), 'limit.total'),
    'total-45.zip': (zip_of(*[('text%d' % i, lambda: of_lines(1 << 30, 45, False)) for i in range(10)]), 'limit.total'),
    'total-45.tar.gz': (tar_of(gz, lines(10, 45)), 'limit.total'),
    'sparse.tar': (gnu_sparse, ''),
    'depth.tar.gz': (deep, 'limit.depth'),
    'names.tar.gz': (deep_names, 'limit.depth'),
    'depth.folder': (deep_folder, 'limit.depth'),
    'nested.zip': (nested_zip, 'an archive inside an archive'),
    'members.gz': (members(gzip.compress), 'limit.entries'),
    'members.xz': (members(lzma.compress), 'limit.entries'),
}


def main():
    work = os.environ.get('PLIMSOLL_BENCH')
    kept = work is not None
    work = work or tempfile.mkdtemp()
    runs = int(os.environ.get('RUNS', '5'))
    failed = []
    try:
        subprocess.run([HOME + '/plimsoll', '--version'], check=True, stdout=subprocess.DEVNULL)
        print('%-22s %12s %8s %8s  %s' % ('bomb', 'bytes', 'median s', 'least s', 'what is said of it'), flush=True)
        for name in sys.argv[1:] or BOMBS:
            make, said = BOMBS[name]
            folder = os.path.join(work, name + '.capture')
            if not os.path.exists(folder):
                shutil.rmtree(folder + '.new', ignore_errors=True)
                os.makedirs(folder + '.new')
                make(os.path.join(folder + '.new', name))
                with open(os.path.join(folder + '.new', 'zz-beside.txt'), 'wb') as out:
                    out.write(b'vm.swappiness = 60\n')
                os.rename(folder + '.new', folder)
            if os.environ.get('MAKE'):
                continue
            times = []
            for _ in range(runs):
                start = time.monotonic()
                done = subprocess.run([HOME + '/plimsoll', 'sources', folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                times.append(time.monotonic() - start)
            text = done.stdout.decode('utf-8', 'replace')
            sentence = next((l for l in text.splitlines() if said in l and (name in l or said)), '')
            path = os.path.join(folder, name)
            bytes_ = os.path.getsize(path) if os.path.isfile(path) else 0
            median = statistics.median(times)
            bad = [w for w, is_bad in (('NOT SAID', not sentence), ('NOT READ', 'zz-beside.txt' not in text)) if is_bad]
            failed += bad
            bad += ['SLOW'] if median > 1 else []
            print('%-22s %12d %8.2f %8.2f  %s %s' % (name, bytes_, median, min(times), ' '.join(bad), sentence.strip()[:150]), flush=True)
    finally:
        if not kept:
            shutil.rmtree(work)
    sys.exit(1 if failed else 0)


main()
