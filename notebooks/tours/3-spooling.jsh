// # nginx writes responses to a disk that is busy already
//
// A site exports its data every night: dozens of requests at once, 12 to 15 MB of JSON each, made by PHP-FPM behind nginx. While it runs, everything
// on the host is slow: the volume shows 100 % utilisation and waits of 85 ms. The volume is rated for 3,000 requests a second and 125 MB/s. Buy
// a faster one?
//
// This is a real field report; its figures are in `datasets/report-sync`.

// ## 1 What was captured

var host = Host.read("datasets/report-sync")

host.sources()

host.rows("disks").print()

// ## 2 Is the disk full of work?
//
// `%util` is 100. That says only that the volume was never idle. What it was *asked for* against what it is *rated for* is another question:

var disk = host.disk().with("max-rate", "3000/s").with("max-bandwidth", "125 MiB/s")

disk.explain().print()

// 41 % of the bytes, 14 % of the requests. And still the queue grows from row to row, with the number of requests served staying the same: this is
// all the volume gives for requests of this size, whatever its rating says. So the right question is why there are so many of them.

// ## 3 Who writes?

host.rows("open_files").print()

// Two files of 12 and 15 MB in nginx's temporary folder, deleted and still open: responses that did not fit nginx's buffers. That is arithmetic:

var spool = host.fastcgiBuffers("15 MiB")

spool.explain().print()

// The location has no directive, so nginx's defaults hold: eight buffers of 4 KiB and one for the header, 36 KiB. Each response of 15 MiB is written
// to the disk in 1,916 pieces of at most 8 KiB, and read again. From which size on does that begin?

spool.breaksAt("payload")

host.fastcgiBuffers("64 KiB").sweep("payload", "0 KiB", "128 KiB").plot()

// Any response of more than 36 KiB spools. The nightly export is only where it hurts.

// ## 4 What would hold it
//
// As many buffers as a response needs, says the remedy, and names the advice that only moves the waiting elsewhere:

spool.remedies()

// The report chose fewer and larger ones, 512 of 32 KiB:

var large = spool.with("fastcgi_buffers", "512 32k").with("fastcgi_buffer_size", "32k")

large.breaksAt("payload")

large.sweep("payload", "0 MiB", "20 MiB").plot()

// It holds 15 MiB, with 6 % to spare. But what is no longer on the disk is in memory, once for each response. With thirty at once on this host of
// 16 GB (the report says so; no capture does):

var memory = host.bufferMemory("30").with("payload", "15 MiB").with("meminfo:MemAvailable", "10 GiB")

memory.with("fastcgi_buffers", "512 32k").with("fastcgi_buffer_size", "32k")

memory.with("fastcgi_buffers", "512 32k").with("fastcgi_buffer_size", "32k").breaksAt("concurrency")

// ## 5 When writing makes programs wait
//
// Why does *everything* get slow, not only the export? What is written goes into memory first; the kernel lets a writer sleep once too much of it
// is dirty. A host of that size, as `/proc` would show it (these figures are an example, not the report's):

var memoryOfAHost = Host.of("""
    $ cat /proc/meminfo
    MemTotal:       16384000 kB
    MemFree:         1200000 kB
    MemAvailable:   10400000 kB
    $ cat /proc/vmstat
    nr_free_pages 300000
    nr_inactive_file 1300000
    nr_active_file 1000000
    nr_dirty 45000
    nr_writeback 15000
    """)

var dirty = memoryOfAHost.dirtyPages("450 MiB/s").with("drain", "51 MiB/s").with("burst", "10 s").with("zoneinfo:reserve", "16896")

dirty.breaksAt("burst")

dirty.sweep("burst", "0 s", "10 s").plot()

// Thirty responses of 15 MiB in a second are 450 MiB; the disk takes 51 of them. After three seconds of that *every* writer on the host sleeps, up to
// 200 ms at a time. That is what everybody felt.

// With the larger buffers nothing of it is written at all, and the same host can be asked how much writing it bears for half a minute:

dirty.with("burst", "30 s").breaksAt("write")

// ## The decision
//
// No faster volume. Give this one location `fastcgi_buffers 512 32k` and `fastcgi_buffer_size 32k`, because the memory is there. Leave
// `fastcgi_max_temp_file_size` as it is: with 0 nothing would be written, but a slow client would hold a PHP-FPM worker instead. Then find out why
// an export needs to be one response: pages of 500 KB would need none of this.
