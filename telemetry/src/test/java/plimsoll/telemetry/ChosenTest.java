package plimsoll.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One source per table: the rule, on readings made by hand. */
class ChosenTest {
    private static Reading reading(String path, int rows, int columns, String... covers) {
        var builder = new Rows.Builder("sockets");
        for (int row = 0; row < rows; row++) {
            builder.text("state", path);
            for (int c = 1; c < columns; c++) {
                builder.number("c" + c, row);
            }
            builder.end();
        }
        Text text = new Text(path, 1, Optional.empty(), List.of("a listing of " + path));
        Rows made = builder.rows().covering(Set.of(covers));
        return new Reading(
                text,
                Optional.of(new SsListingSource()),
                new Parsed(
                        Optional.of(made),
                        List.of(),
                        List.of(),
                        rows,
                        0,
                        List.of(),
                        Memory.Kept.NOTHING,
                        covers.length == 0));
    }

    private static Rows sockets(Chosen chosen) {
        return Optional.ofNullable(chosen.tables().get("sockets")).orElseThrow();
    }

    @Test
    void theListingWithMostInStandsForAllOfTheSameSockets() {
        Reading plain = reading("ss-nate.txt", 3, 5, "tcp4", "tcp6");
        Reading full = reading("ss-natpoie.txt", 3, 9, "tcp4", "tcp6");
        Reading four = reading("proc_net_tcp", 2, 12, "tcp4");
        Reading six = reading("proc_net_tcp6", 1, 12, "tcp6");
        Reading listeners = reading("ss-ltn.txt", 1, 5);
        var chosen = Chosen.of(List.of(four, six, listeners, plain, full));
        assertEquals(3, sockets(chosen).size());
        assertEquals(Optional.of("ss-natpoie.txt"), sockets(chosen).text("state", 0));
        assertEquals(Set.of("tcp4", "tcp6"), sockets(chosen).covers());
        for (Reading other : List.of(four, six, listeners, plain)) {
            assertSame(full, chosen.insteadOf(other).orElseThrow());
        }
        assertEquals(Optional.empty(), chosen.insteadOf(full));
    }

    @Test
    void halvesArePutBelowEachOtherInTheOrderOfTheCapture() {
        Reading four = reading("proc_net_tcp", 2, 3, "tcp4");
        Reading six = reading("proc_net_tcp6", 1, 5, "tcp6");
        var chosen = Chosen.of(List.of(four, six));
        Rows rows = sockets(chosen);
        assertEquals(3, rows.size());
        assertEquals(Optional.of("proc_net_tcp"), rows.text("state", 1));
        assertEquals(Optional.of("proc_net_tcp6"), rows.text("state", 2));
        assertTrue(rows.number("c4", 0).isEmpty(), "a column that one half lacks is missing there, not zero");
        assertEquals(0, rows.number("c4", 2).orElseThrow());
        assertEquals(Set.of("tcp4", "tcp6"), rows.covers());
    }

    @Test
    void ofTwoAlikeTheEarlierIsUsed() {
        Reading first = reading("a.txt", 4, 5, "tcp4", "tcp6");
        Reading second = reading("b.txt", 9, 5, "tcp4", "tcp6");
        var chosen = Chosen.of(List.of(first, second));
        assertEquals(4, sockets(chosen).size());
        assertSame(first, chosen.insteadOf(second).orElseThrow());
    }

    @Test
    void anExcerptIsUsedOnlyAloneAndIsNoTotal() {
        Reading few = reading("head.txt", 2, 5);
        Reading more = reading("grep.txt", 7, 5);
        var chosen = Chosen.of(List.of(few, more));
        assertEquals(7, sockets(chosen).size());
        assertTrue(sockets(chosen).excerpt());
        assertSame(more, chosen.insteadOf(few).orElseThrow());
    }

    @Test
    void anEmptyButWholeListingIsATableOfNothing() {
        Reading none = reading("ss-nat.txt", 0, 5, "tcp4", "tcp6");
        Reading some = reading("grep.txt", 1, 5);
        var chosen = Chosen.of(List.of(some, none));
        assertEquals(0, sockets(chosen).size());
        assertSame(none, chosen.insteadOf(some).orElseThrow());
    }

    @Test
    void foldersThatHoldTheSameFilesAreNeverPutTogether() {
        Reading shared = reading("slabs.txt", 1, 5, "slabs");
        Reading client = reading("host/client/ss.txt", 3, 5, "tcp4");
        Reading server = reading("host/server/ss.txt", 9, 9, "tcp4");
        Reading more = reading("host/server/udp.txt", 2, 5, "udp4");
        Reading other = reading("host/proc/tcp", 3, 5, "tcp4");
        var twins = Twins.of(List.of(shared, other, client, server, more));
        assertEquals(Optional.empty(), twins.insteadOf(shared));
        assertEquals(Optional.empty(), twins.insteadOf(client));
        assertEquals(Optional.empty(), twins.insteadOf(other));
        assertEquals(Optional.of("another moment or network namespace than host/client/"), twins.insteadOf(server));
        assertEquals(Optional.of("another moment or network namespace than host/client/"), twins.insteadOf(more));
        assertEquals(
                List.of("host/server/ is of another moment or network namespace than host/client/: not used;"
                        + " --in server, or in(\"server\"), looks at it"),
                twins.sentences());
        assertEquals(List.of("client", "server"), twins.names());

        var asked = Twins.of(List.of(shared, other, client, server, more), Set.of("server"));
        assertEquals(Optional.empty(), asked.insteadOf(server));
        assertEquals(Optional.of("another moment or network namespace than host/server/"), asked.insteadOf(client));
    }

    @Test
    void aFolderNamedHostIsSharedAndNoTwin() {
        Reading shared = reading("host/zoneinfo", 1, 5, "zones");
        Reading copy = reading("client/zoneinfo", 1, 5, "zones");
        var twins = Twins.of(List.of(copy, shared));
        assertEquals(Optional.empty(), twins.insteadOf(shared));
        assertEquals(List.of(), twins.names());
    }

    @Test
    void aColumnWithoutACellIsNoInformation() {
        var empty = new Rows.Builder("sockets").column("timer", Rows.Type.TEXT).column("pid", Rows.Type.NUMBER);
        empty.text("state", "ESTAB").end();
        assertEquals(1, empty.rows().filled());
    }
}
