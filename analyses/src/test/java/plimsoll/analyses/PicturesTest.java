package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import plimsoll.dsl.Picture;
import plimsoll.dsl.Picture.Bars;
import plimsoll.dsl.Picture.Heat;
import plimsoll.dsl.Picture.Level;
import plimsoll.dsl.Picture.Line;
import plimsoll.dsl.Picture.Mark;
import plimsoll.dsl.Picture.Spans;
import plimsoll.dsl.Verdict;

class PicturesTest {
    private static final String DATA = "../datasets/";

    private static Host api() {
        return Host.read(DATA + "license-api").ask("ports.rate", "500/s").ask("ports.connected", "100 ms");
    }

    private static <T> List<T> layers(Picture picture, Class<T> kind) {
        return picture.layers().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    @Test
    void atAGlanceWhatIsOverComesFirst() {
        Picture glance = api().plot();
        assertEquals("license-api: 1 of 5 budgets is over", glance.title());
        assertEquals(List.of("ports", "conntrack", "time-wait", "conntrack-depth", "bound-ports"), glance.categories());
        List<Bars> bars = layers(glance, Bars.class);
        assertEquals(Optional.of(Verdict.State.OVER), bars.get(0).verdict());
        assertEquals(30_562 / 28_232.0, bars.get(0).values().get(0), 1e-4);
        assertEquals(List.of("ports"), layers(glance, Spans.class).get(0).categories(), "HZ is assumed");
        assertTrue(glance.notes().get(0).matches("of \\d+ more not enough is known"), glance.notes()::toString);
    }

    @Test
    void theLoadLineMarksTheBreakAndThePresent() {
        Picture line = api().ports().plot();
        assertEquals("ports OVER: 30,562 of at most 28,232 (108%); 7.7-9.2% of connects fail", line.title());
        List<Mark> marks = layers(line, Mark.class);
        assertEquals(449.5, marks.get(0).x(), 0.1);
        assertEquals(new Mark("now", 500), marks.get(1));
        assertEquals(28_232, layers(line, Level.class).get(0).y());
        assertEquals(
                List.of("loss", "demand, over what HZ may be"),
                layers(line, Picture.Band.class).stream()
                        .map(Picture.Band::name)
                        .toList());
        assertEquals(
                800,
                line.x().unit() == plimsoll.dsl.Unit.RATE
                        ? layers(line, Line.class).get(0).xs().get(120)
                        : 0);
    }

    @Test
    void aBudgetOfWhichNothingCanBeVariedIsTwoBars() {
        Picture sides = api().acceptQueue().plot();
        assertEquals(List.of("demand", "supply"), sides.categories());
    }

    @Test
    void aPoolRunsCleanThenNoConnectSucceeds() {
        Picture shape = api().picture("ports-over-time");
        Line held = layers(shape, Line.class).get(1);
        assertEquals("ports held", held.name());
        assertEquals(500, held.ys().get(0), 1, "after the first second");
        assertEquals(28_232, held.ys().get(57), "all are held when the blackout begins");
        assertEquals(28_232, held.ys().stream().mapToDouble(v -> v).max().orElseThrow());
        Line lost = layers(shape, Line.class).get(0);
        assertEquals(0, lost.ys().get(50));
        assertEquals(1, lost.ys().get(58));
    }

    @Test
    void theTrackingTableFillsInRoomOverRate() {
        // 65,536 entries at 700/s: 93.6 s, before the first of 120 s are forgotten
        Picture fills =
                Host.read(DATA + "license-api").ask("conntrack.rate", "700/s").picture("conntrack-over-time");
        assertEquals("Connection tracking from empty at 700/s: full after 93.62 s", fills.title());
        Picture fits =
                Host.read(DATA + "license-api").ask("conntrack.rate", "100/s").picture("conntrack-over-time");
        assertEquals("Connection tracking from empty at 100/s: levels off at 12,000", fits.title());
    }

    @Test
    void dirtyMemoryRisesFasterBelowTheBackgroundThreshold() {
        // pages of 4 KiB: background 1 GiB, limit 2 GiB, so slowed at 1.5 GiB: 1 GiB at 1 GiB/s, then 0.5 GiB at 0.5
        // GiB/s
        Host host = Host.of(
                        """
                        $ cat /proc/vmstat
                        nr_dirty 0
                        nr_writeback 0
                        nr_dirty_threshold 524288
                        nr_dirty_background_threshold 262144
                        """)
                .ask("dirty-pages.write", "1 GiB/s")
                .ask("dirty-pages.drain", "0.5 GiB/s");
        Picture rises = host.ask("dirty-pages.burst", "3 s").picture("dirty-over-time");
        assertEquals("Dirty memory at 1 GiB/s written, 512 MiB/s drained: writers are slowed after 2 s", rises.title());
        Line dirty = layers(rises, Line.class).get(0);
        assertEquals(1.25 * (1 << 30), dirty.ys().get(120), 1, "at 1.5 of 3 s");
        assertEquals(
                List.of(1.0, 1.5, 2.0),
                layers(rises, Level.class).stream().map(l -> l.y() / (1 << 30)).toList());
    }

    @Test
    void dirtyMemoryIsDrawnForABurstOfAnyLength() {
        Host host = Host.of(
                        """
                        $ cat /proc/vmstat
                        nr_dirty 131072
                        nr_writeback 0
                        nr_dirty_threshold 524288
                        nr_dirty_background_threshold 262144
                        """)
                .ask("dirty-pages.write", "1 GiB/s");
        Picture rises = host.ask("dirty-pages.drain", "0.5 GiB/s").picture("dirty-over-time");
        // half a GiB is dirty already: 0.5 s to the background threshold, then half a GiB at 0.5 GiB/s
        assertEquals(
                "Dirty memory at 1 GiB/s written, 512 MiB/s drained: writers are slowed after 1.5 s", rises.title());
        assertEquals(0.5 * (1 << 30), layers(rises, Line.class).get(0).ys().get(0));
        assertEquals(
                "Dirty memory at 1 GiB/s written, nothing known to be drained: writers are slowed after 1 s",
                host.picture("dirty-over-time").title());
        assertTrue(Host.read(DATA + "port-exhaustion")
                .in("client")
                .ask("dirty-pages.write", "100 MiB/s")
                .ask("dirty-pages.drain", "10 MiB/s")
                .pictures()
                .stream()
                .anyMatch(p -> p.name().equals("dirty-over-time")));
    }

    @Test
    void statesAreThoseOfTheListingAndOfTheMomentBefore() {
        Picture states = Host.read(DATA + "port-exhaustion").in("client").picture("states");
        assertEquals(
                List.of("before", "after"),
                layers(states, Bars.class).stream().map(Bars::name).toList());
        Bars before = layers(states, Bars.class).get(0);
        assertEquals("TIME-WAIT", before.categories().get(0));
        assertEquals(209, before.values().get(0));
    }

    @Test
    void theLastMinuteCountsEachClose() {
        Picture minute = Host.read(DATA + "changing-load").picture("last-minute");
        Line closes = layers(minute, Line.class).get(0);
        assertEquals(415, closes.ys().stream().mapToDouble(v -> v).sum());
        assertEquals(-60, closes.xs().get(0));
    }

    @Test
    void chainsFollowPoisson() {
        Picture chains = Host.read(DATA + "license-api").picture("conntrack-chains");
        Line expected = layers(chains, Line.class).get(0);
        // 34,210 entries, 16,384 buckets: mean 4.176; P(0) = e^-4.176 = 0.01536
        assertEquals(16_384 * 0.015360, expected.ys().get(0), 0.5);
        assertEquals(16_384, expected.ys().stream().mapToDouble(v -> v).sum(), 1);
    }

    @Test
    void largerBuffersWriteLess() {
        Host nginx = Host.of(
                """
                # configuration file /etc/nginx/nginx.conf:
                events {}
                http { server { location ~ .php$ {
                fastcgi_pass unix:/run/php.sock; fastcgi_buffers 8 4k; fastcgi_buffer_size 4k; } } }
                """);
        Heat heat = layers(nginx.picture("buffer-writes"), Heat.class).get(0);
        assertEquals("8 4k", heat.columns().get(0));
        for (List<Double> row : heat.values()) {
            assertTrue(row.get(0) >= row.get(4), row::toString);
        }
        assertEquals(0, heat.values().get(0).get(4));
    }

    @Test
    void whatCannotBeDrawnSaysWhatWouldBeNeeded() {
        Host host = api();
        var disks = assertThrows(IllegalArgumentException.class, () -> host.picture("disks"));
        assertTrue(
                String.valueOf(disks.getMessage())
                        .startsWith(
                                "this capture holds not enough for the picture 'disks': reports of iostat -x; it has glance, "),
                disks::toString);
        var pie = assertThrows(IllegalArgumentException.class, () -> host.picture("pie"));
        assertTrue(
                String.valueOf(pie.getMessage()).startsWith("there is no picture 'pie'; there are glance, states, "),
                pie::toString);
    }

    @Test
    void everyPictureIsDrawnInEveryForm() {
        for (Pictures.Named named : api().pictures()) {
            Picture p = named.picture();
            assertTrue(p.toString().length() < 1000, named::name);
            assertTrue(new String(p.bytes("svg"), StandardCharsets.UTF_8).endsWith("</svg>\n"), named::name);
            assertTrue(new String(p.bytes("json"), StandardCharsets.UTF_8).startsWith("{\"data\":["), named::name);
            assertEquals(0x89, p.bytes("png")[0] & 0xff, named.name());
        }
    }

    @Test
    void reportsOfIostatLieWhereTheirStampsSay() {
        String device = "Device r/s w/s %util\nsda 100.00 2.00 50.00\n";
        Picture disks = Host.of("Linux 6.1.0 (h) \t11/21/2026 \t_x86_64_\t(2 CPU)\n\n11/21/2026 11:59:50 PM\n" + device
                        + "\n11/21/2026 11:59:55 PM\n" + device + "\n11/22/2026 12:00:05 AM\n" + device)
                .picture("disks");
        assertEquals("since 23:59:55", disks.x().label());
        assertTrue(
                disks.layers().stream()
                        .anyMatch(
                                l -> l instanceof Picture.Line line && line.xs().equals(List.of(0.0, 10.0))),
                disks::text);
    }
}
