package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.telemetry.SocketTexts.alone;
import static plimsoll.telemetry.SocketTexts.fact;
import static plimsoll.telemetry.SocketTexts.file;
import static plimsoll.telemetry.SocketTexts.printedBy;
import static plimsoll.telemetry.SocketTexts.rejects;
import static plimsoll.telemetry.SocketTexts.row;
import static plimsoll.telemetry.SocketTexts.rowsAlone;
import static plimsoll.telemetry.SocketTexts.text;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiskSourcesTest {
    @Test
    void diskstatsOfThreeKernels() {
        Rows rows = rowsAlone(
                new DiskstatsSource(),
                text(
                        "   8       0 sda 25353 34367 1003337 64046 28444280 19160512 1083920872 23104736 0 125240792 161700000",
                        "   8       1 sda1 105 0 4242 10 2122 174 4577448 11738 0 2260 11752 64 0 3 1",
                        " 254       0 vda 242569 24991 13870138 187809 209556 208018 35105168 82414 0 34536 275527 22129 21 11073408 2752 48808 2551"));
        assertEquals(3, rows.size());
        assertEquals(
                List.of("sda", "25353", "1083920872", "161700000", "", ""),
                row(
                        rows,
                        0,
                        "device",
                        "reads_completed",
                        "sectors_written",
                        "weighted_ms_doing_io",
                        "discards_completed",
                        "flushes_completed"));
        assertEquals(List.of("64", "1", ""), row(rows, 1, "discards_completed", "ms_discarding", "ms_flushing"));
        assertEquals(
                List.of("254", "0", "34536", "22129", "48808", "2551"),
                row(
                        rows,
                        2,
                        "major",
                        "ios_in_progress",
                        "ms_doing_io",
                        "discards_completed",
                        "flushes_completed",
                        "ms_flushing"));
    }

    @Test
    void aDiskWithAnotherNumberOfFieldsIsRejected() {
        Parsed parsed = new DiskstatsSource()
                .parse(text(
                        "   8       0 sda 1 2 3 4 5 6 7 8 9 10 11",
                        "   8      16 sdb 1 2 3 4 5 6 7 8 9 10 11 12",
                        "   8 "));
        assertEquals(
                List.of(
                        "2: has 15 fields; /proc/diskstats has 14, 18 or 20, by kernel",
                        "3: has 1 fields; /proc/diskstats has 14, 18 or 20, by kernel"),
                rejects(parsed));
        assertEquals(1, parsed.rows().orElseThrow().size());
    }

    private static final String MOUNTS =
            """
            proc /proc proc rw,relatime 0 0
            /dev/vda / ext4 rw,relatime,discard 0 0
            tmpfs /srv/spool\\040of\\011nginx tmpfs rw,size=65536k 0 0
            host:/export /mnt/nfs nfs4 ro,vers=4.2,addr=10.0.0.9 0 0
            """;

    @Test
    void mountsWithOctalDecoded() {
        Rows rows = rowsAlone(new MountsSource(), file("proc/mounts", MOUNTS));
        assertEquals(
                List.of("/dev/vda", "/", "ext4", "rw,relatime,discard"),
                row(rows, 1, "source", "target", "fstype", "options"));
        assertEquals(List.of("/srv/spool of\tnginx"), row(rows, 2, "target"));
        assertEquals(Optional.of(4), Optional.of(rows.size()));
    }

    @Test
    void theCommandMountSaysTheSame() {
        Rows rows = rowsAlone(
                new MountsSource(),
                text(
                        "/dev/vda on / type ext4 (rw,relatime,discard)",
                        "tmpfs on /srv/spool of nginx type tmpfs (rw,size=65536k)",
                        "/dev/vdb on /data type xfs (rw,noatime) [DATA]"));
        assertEquals(
                List.of("tmpfs", "/srv/spool of nginx", "tmpfs", "rw,size=65536k"),
                row(rows, 1, "source", "target", "fstype", "options"));
        assertEquals(List.of("/data", "rw,noatime"), row(rows, 2, "target", "options"));
    }

    private static final String MOUNTINFO =
            """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
            31 27 254:0 /var/spool /srv/spool\\040of\\040nginx ro,nosuid master:4 propagate_from:2 - ext4 /dev/vda rw,discard
            335 42 0:4 net:[4026533445] /run/netns/a rw shared:19 - nsfs nsfs rw
            """;

    @Test
    void mountinfoJoinsOptionsAsMountsDoes() {
        Rows rows = rowsAlone(new MountinfoSource(), file("proc/self/mountinfo", MOUNTINFO));
        assertEquals(
                List.of("/dev/vda", "/", "ext4", "rw,relatime,discard", "27", "254:0", "shared:1"),
                row(rows, 1, "source", "target", "fstype", "options", "mount_id", "device", "propagation"));
        assertEquals(
                List.of("/srv/spool of nginx", "ro,nosuid,discard", "/var/spool", "master:4 propagate_from:2"),
                row(rows, 2, "target", "options", "root", "propagation"));
        assertEquals(List.of(""), row(rows, 0, "propagation"));
    }

    @Test
    void mountinfoIsPreferredToMounts() {
        Chosen chosen = Chosen.of(
                List.of(Reading.of(file("proc/mounts", MOUNTS)), Reading.of(file("proc/self/mountinfo", MOUNTINFO))));
        assertEquals(
                List.of("proc/self/mountinfo"),
                chosen.readings().getOrDefault("mounts", List.of()).stream()
                        .map(r -> r.text().path())
                        .toList());
    }

    @Test
    void twoProcessesAreNotTwoMoments() {
        assertEquals(
                List.of(),
                Twins.of(List.of(
                                Reading.of(file("proc/1/mountinfo", MOUNTINFO)),
                                Reading.of(file("proc/361/mountinfo", MOUNTINFO))))
                        .sentences());
    }

    @Test
    void fstabIsNotWhatIsMounted() {
        Rows rows = rowsAlone(
                new FstabSource(),
                file(
                        "etc/fstab",
                        """
                        # /etc/fstab: static file system information.
                        # mount -a
                        UUID=0b1f-77 /               ext4    errors=remount-ro 0       1
                        /dev/vdb1\t/srv/my\\040data\txfs\tdefaults,noatime
                        tmpfs /run/spool tmpfs size=64m 0
                        /swapfile none swap sw 0 0 # a remark
                        """));
        assertEquals("fstab", rows.name());
        assertEquals(4, rows.size());
        assertEquals(
                List.of("UUID=0b1f-77", "/", "errors=remount-ro", "0", "1"),
                row(rows, 0, "source", "target", "options", "dump", "pass"));
        assertEquals(List.of("/srv/my data", "", ""), row(rows, 1, "target", "dump", "pass"));
        assertEquals(List.of("0", ""), row(rows, 2, "dump", "pass"));
        assertEquals(List.of("swap", "0"), row(rows, 3, "fstype", "pass"));
    }

    @Test
    void anEntryOfFstabCutShortIsRejected() {
        Text text = file(
                "etc/fstab",
                "/dev/vda1 / ext4 defaults 0 1\n/dev/vdb1 /data xfs\n/dev/vdc1 /more xfs defaults one 2\n");
        assertEquals(
                List.of(
                        "2: has 3 fields; an entry of fstab has 4 to 6",
                        "3: 'one' stands where the dump or pass number should be"),
                rejects(new FstabSource().parse(text)));
    }

    @Test
    void theJournalsTransactions() {
        Parsed parsed = alone(
                new Jbd2Source(),
                file(
                        "proc/fs/jbd2/vda-8/info",
                        """
                        6225 transactions (6216 requested), each up to 8192 blocks
                        average:\040
                          0ms waiting for transaction
                          76ms running transaction
                          4ms flushing data (in ordered mode)
                          1520us average transaction commit time
                          46 handles per transaction
                          8 logged blocks per transaction
                        """));
        assertEquals(Optional.of("6225"), fact(parsed, "jbd2:vda-8.transactions"));
        assertEquals(Optional.of("6216"), fact(parsed, "jbd2:vda-8.requested"));
        assertEquals(Optional.of("76 ms"), fact(parsed, "jbd2:vda-8.running transaction"));
        assertEquals(Optional.of("1520 us"), fact(parsed, "jbd2:vda-8.average transaction commit time"));
        assertEquals(Optional.of("8"), fact(parsed, "jbd2:vda-8.logged blocks per transaction"));
    }

    private static final String DF =
            """
            Filesystem                 1K-blocks        Used   Available Use% Mounted on
            /dev/vda                   264212084    33910476    72480436  32% /
            tmpfs                              4           0           4   0% /srv/my data
            /dev/mapper/a-very-long-name-of-a-volume
                                         1032088      284092      695568  29% /boot
            """;
    private static final String DF_I =
            """
            Filesystem       Inodes  IUsed    IFree IUse% Mounted on
            /dev/vda       16777216 153216 16624000    1% /
            devtmpfs              -      -        -     - /dev
            """;

    @Test
    void dfInBytes() {
        Rows rows = rowsAlone(new DfSource(), file("df.txt", DF));
        assertEquals(3, rows.size());
        // 264212084 x 1024
        assertEquals(
                List.of("/dev/vda", "270553174016", "34724327424", "74219966464", "32", "0", "/"),
                row(rows, 0, "filesystem", "size", "used", "available", "use_percent", "rounded", "mounted_on"));
        assertEquals(List.of("/srv/my data"), row(rows, 1, "mounted_on"));
        assertEquals(
                List.of("/dev/mapper/a-very-long-name-of-a-volume", "290910208"), row(rows, 2, "filesystem", "used"));
    }

    @Test
    void theHeaderSaysTheSizeOfABlock() {
        for (String[] c : new String[][] {
            {"1B-blocks", "1"},
            {"512-blocks", "512"},
            {"1024-blocks", "1024"},
            {"1M-blocks", "1048576"},
            {"1MB-blocks", "1000000"}
        }) {
            Rows rows = rowsAlone(
                    new DfSource(),
                    text(
                            "Filesystem 1X Used Available Capacity Mounted on".replace("1X", c[0]),
                            "/dev/vda 7 3 4 43% /"));
            assertEquals(7 * Long.parseLong(c[1]), rows.number("size", 0).orElseThrow(), c[0]);
        }
    }

    @Test
    void roundedSizesAreSaidToBeRounded() {
        String[] lines = {
            "Filesystem Type Size Used Avail Use% Mounted on",
            "/dev/vda ext4 252G 1.5M 80G 22% /",
            "none tmpfs 0 0 0 - /dev"
        };
        Rows rows = rowsAlone(new DfSource(), printedBy("df -hT", lines));
        assertEquals(List.of("ext4", "270582939648", "1572864", "1"), row(rows, 0, "type", "size", "used", "rounded"));
        assertEquals(List.of("0", ""), row(rows, 1, "size", "use_percent"));
        Rows thousands = rowsAlone(new DfSource(), printedBy("df -HT", lines));
        assertEquals(252_000_000_000L, thousands.number("size", 0).orElseThrow());
    }

    @Test
    void spaceAndInodesAreTwoPartsOfOneTable() {
        Chosen chosen = Chosen.of(List.of(Reading.of(file("df", DF)), Reading.of(file("df-i", DF_I))));
        Rows rows = Optional.ofNullable(chosen.tables().get("filesystems")).orElseThrow();
        assertEquals(5, rows.size());
        assertEquals(
                List.of("16777216", "153216", "16624000", "1", ""),
                row(rows, 3, "inodes", "iused", "ifree", "iuse_percent", "size"));
        assertEquals(List.of("", "/dev"), row(rows, 4, "inodes", "mounted_on"));
    }

    @Test
    void dfInAnotherLanguageIsRejectedWithWhatToDo() {
        Text text = text(
                "Dateisystem    1K-Blöcke  Benutzt Verfügbar Verw% Eingehängt auf",
                "/dev/vda       264212084 33910476  72480436   32% /");
        assertEquals(Source.Match.SHAPE, new DfSource().match(text));
        Parsed parsed = new DfSource().parse(text);
        assertEquals(0, parsed.rows().orElseThrow().size());
        assertEquals(
                "no header like \"Filesystem 1K-blocks Used Available Use% Mounted on\" stands above it: a df in another"
                        + " language is read after LC_ALL=C df",
                parsed.rejected().get(1).reason());
    }

    @Test
    void swaps() {
        Rows rows = rowsAlone(
                new SwapsSource(),
                file(
                        "proc/swaps",
                        "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-2                               partition\t131068\t176\t-2\n"));
        assertEquals(List.of("/dev/dm-2", "131068", "176", "-2"), row(rows, 0, "filename", "size", "used", "priority"));
        assertFalse(rowsAlone(new SwapsSource(), text("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority"))
                .excerpt());
    }

    @Test
    void blockDevicesInEachPlaceTheyAreMounted() {
        Rows rows = rowsAlone(
                new LsblkSource(),
                text(
                        "NAME        MAJ:MIN RM         SIZE RO TYPE MOUNTPOINTS",
                        "vda         254:0    0 274877906944  0 disk /run/netns",
                        "                                           /",
                        "nvme0n1     259:0    0         1.8T  0 disk ",
                        "├─nvme0n1p1 259:1    0         512M  0 part /boot/efi",
                        "└─vg-data (dm-0) 253:0 0      1.8T  0 lvm  [SWAP]"));
        assertEquals(
                List.of("vda", "254:0", "274877906944", "/"), row(rows, 1, "name", "maj_min", "size", "mountpoint"));
        assertEquals(List.of("nvme0n1p1", "part", "/boot/efi"), row(rows, 3, "name", "type", "mountpoint"));
        assertEquals(List.of("vg-data", "[SWAP]"), row(rows, 4, "name", "mountpoint"));
        assertTrue(row(rows, 2, "mountpoint").equals(List.of("")));
    }

    @Test
    void carriageReturnsChangeNothing() {
        assertEquals(
                4,
                rowsAlone(new MountsSource(), file("mounts", MOUNTS.replace("\n", "\r\n")))
                        .size());
        assertEquals(
                3,
                rowsAlone(new DfSource(), file("df", DF.replace("\n", "\r\n"))).size());
    }
}
