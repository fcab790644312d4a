package plimsoll.analyses;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.Rows;

/**
 * What a client that takes nothing more leaves to nginx's temporary file (src/event/ngx_event_pipe.c,
 * ngx_event_pipe_write_chain_to_temp_file): an immutable value.
 *
 * @param writes how many calls write it
 * @param bytes how much of the response's content is written
 * @param perWrite the most that one call writes
 * @param notes what was decided
 */
record Spool(long writes, long bytes, long perWrite, List<String> notes) {

    /**
     * nginx gives the client up to fastcgi_busy_buffers_size at first; those buffers are stuck in the socket, less what it drained.
     * The others fill, and each time all are full one call writes as many whole buffers as fit in fastcgi_temp_file_write_size.
     */
    static Spool of(NginxBuffers b, Response response, double drained) {
        double size = b.size().value();
        double stuck = Math.max(size, b.busy().value() - drained);
        double free = b.memory().value() - stuck;
        double perWrite = Math.max(1, Math.floor(Math.min(b.writeSize().value(), free) / size)) * size;
        double beyond = response.bytes() - b.memory().value() - drained;
        if (beyond <= 0) {
            return new Spool(0, 0, 0, List.of("fits in memory: no temporary file"));
        }
        if (!b.spools()) {
            return new Spool(
                    0,
                    0,
                    0,
                    List.of(
                            "never spools: beyond its memory nginx reads only as fast as the client takes, and the upstream "
                                    + "is held for that long"));
        }
        double all = Math.ceil(Math.ceil(beyond / size) * size / perWrite) * perWrite;
        double bounded = Math.min(all, Math.floor(b.maxTemp().value() / size) * size);
        long start = (long) (drained + stuck);
        long end = Math.min(start + (long) bounded, response.bytes());
        var notes = new ArrayList<String>();
        notes.add("spools: written for a client that takes nothing more; one that reads is a race with the upstream");
        if (free < b.writeSize().value()) {
            notes.add("one write takes " + Quantity.of(perWrite, Unit.BYTES) + ", not "
                    + b.writeSize().name() + ": the other buffers are " + "on their way to the client");
        }
        if (bounded < all) {
            notes.add("the temporary file is full at " + b.maxTemp().name()
                    + ": the rest waits in the upstream for the client");
        }
        return new Spool(
                (long) Math.ceil(bounded / perWrite),
                response.content(end) - response.content(start),
                (long) perWrite,
                List.copyOf(notes));
    }

    /** Where no payload is given: a temporary file that is open shows what one response had at least; of which location, only where there is one. */
    static Finding undemanded(Facts facts, NginxBuffers.Family family, int locations, Formula supply) {
        Optional<Input> file = locations == 1 ? seen(facts, family) : Optional.empty();
        // with other buffers than it was taken with, the file alone is what is known
        boolean asRead = supply.inputs().stream().noneMatch(i -> i.evidence().kind() == Evidence.Kind.CHANGED);
        return file.map(f -> Finding.of(Unit.BYTES, asRead ? f.max(supply) : f, supply)
                        .demandAtLeast()
                        .note("a temporary file of a response is open: that response did not fit"))
                .orElseGet(() -> Finding.unknown(
                                Unit.BYTES,
                                new Missing(
                                        "payload",
                                        "say the size of a response, as 15 MiB; $bytes_sent in the access log"))
                        .supplied(supply));
    }

    /** The largest temporary file of responses that a listing of open files shows: nginx deletes them as it opens them. */
    private static Optional<Input> seen(Facts facts, NginxBuffers.Family family) {
        Pattern temporary = Pattern.compile(
                ".*/" + family.directive("temp").replace("_temp", "(_temp)?") + "/(\\d+/)+\\d{10}\\b.*");
        return facts.table("open_files", Rows.class)
                .filter(files -> files.columns().containsAll(List.of("deleted", "name", "size")))
                .flatMap(files -> IntStream.range(0, files.size())
                        .filter(row -> files.number("deleted", row).orElse(0) == 1
                                && temporary
                                        .matcher(files.text("name", row).orElse(""))
                                        .matches())
                        .mapToLong(row -> files.number("size", row).orElse(0))
                        .filter(size -> size > 0)
                        .boxed()
                        .max(Comparator.naturalOrder()))
                .map(size -> Input.read("temporary file", Quantity.bytes(size), "the largest that lsof shows"));
    }

    /** A response as it comes from the upstream. */
    interface Response {
        /** All bytes, with what wraps them. */
        long bytes();

        /** How much of the first {@code bytes} is content: what a temporary file holds. */
        long content(long bytes);

        /** A response that nothing wraps, as from HTTP, uwsgi and SCGI. */
        static Response plain(long bytes) {
            return new Response() {
                @Override
                public long bytes() {
                    return bytes;
                }

                @Override
                public long content(long first) {
                    return first;
                }
            };
        }
    }
}
