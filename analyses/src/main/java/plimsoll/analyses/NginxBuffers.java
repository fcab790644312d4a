package plimsoll.analyses;

import java.util.List;
import java.util.Optional;
import plimsoll.dsl.Candidate;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Finding;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Lever;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Refused;
import plimsoll.dsl.Snippet;
import plimsoll.dsl.Unit;
import plimsoll.telemetry.NginxConfig;

/**
 * The directives by which nginx buffers responses of one location, an immutable value: those of fastcgi, proxy, uwsgi and scgi are the same
 * code under other names (ngx_http_fastcgi_merge_loc_conf and its copies).
 *
 * @param family the first word of the directives
 */
record NginxBuffers(
        Family family,
        Input bufferSize,
        Input number,
        Input size,
        Input busy,
        Input writeSize,
        Input maxTemp,
        boolean buffered,
        String bufferedBy) {

    private static final double MOST = 65536;
    private static final double USUAL = 8;

    /** The modules that pass requests on through the same buffers. */
    enum Family {
        /** FastCGI, as PHP-FPM speaks it. */
        FASTCGI("fastcgi"),
        /** HTTP. */
        PROXY("proxy"),
        /** uwsgi. */
        UWSGI("uwsgi"),
        /** SCGI. */
        SCGI("scgi");

        private final String prefix;

        Family(String prefix) {
            this.prefix = prefix;
        }

        /** The name of one of its directives: {@code fastcgi_buffers} for {@code buffers}. */
        String directive(String name) {
            return prefix + "_" + name;
        }

        private String defaults() {
            return "nginx: ngx_http_" + prefix + "_merge_loc_conf";
        }
    }

    /** Those of the location, those that the user says in their place. */
    static NginxBuffers of(Family family, Facts facts, Optional<NginxConfig.Directive> location) {
        Input page = PageSize.of(facts);
        var read = new Directives(family, facts, location);
        String buffersName = family.directive("buffers");
        String numberName = buffersName + ".number";
        String sizeName = buffersName + ".size";
        Input bufferSize = read.size("buffer_size", page.quantity(), "one page");
        Optional<Fact> buffers = read.text("buffers");
        Input number = facts.input(numberName, Unit.COUNT)
                .or(() -> buffers.map(f -> number(numberName, f)))
                .orElseGet(() -> Input.byDefault(numberName, Quantity.count(8), family.defaults()));
        Input size = facts.input(sizeName, Unit.BYTES, "B")
                .or(() -> buffers.map(f -> input(sizeName, f, word(f, 1))))
                .orElseGet(() -> Input.byDefault(sizeName, page.quantity(), family.defaults() + ", one page"));
        Quantity twice = Quantity.of(2 * Math.max(bufferSize.value(), size.value()), Unit.BYTES);
        String rule = "2 x the larger of " + family.directive("buffer_size") + " and one of " + buffersName;
        Optional<Fact> buffering = read.text("buffering");
        return new NginxBuffers(
                family,
                bufferSize,
                number,
                size,
                read.size("busy_buffers_size", twice, rule),
                read.size("temp_file_write_size", twice, rule),
                read.size("max_temp_file_size", Quantity.bytes(1L << 30), "1024m"),
                !buffering.map(f -> f.text().equals("off")).orElse(false),
                buffering.map(f -> f.evidence().toString()).orElse(""));
    }

    private static Input number(String name, Fact buffers) {
        String text = word(buffers, 0);
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(buffers.name() + ", " + buffers.evidence() + ": '" + buffers.text()
                    + "' is not a number and a size, as 16 32k");
        }
        return new Input(name, Quantity.count(Long.parseLong(text)), buffers.evidence(), List.of());
    }

    private static String word(Fact fact, int index) {
        String[] words = fact.text().strip().split("\\s+", -1);
        if (words.length != 2) {
            throw new IllegalArgumentException(fact.name() + ", " + fact.evidence() + ": '" + fact.text()
                    + "' is not a number and a size, as 16 32k");
        }
        return words[index];
    }

    private static Input input(String name, Fact fact, String text) {
        try {
            return new Input(name, size(text), fact.evidence(), List.of());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ", " + fact.evidence() + ": " + e.getMessage(), e);
        }
    }

    /** A size as nginx spells it, or as a quantity with its unit. */
    private static Quantity size(String text) {
        return text.endsWith("B") ? Quantity.parse(text, Unit.BYTES) : Quantity.bytes(NginxConfig.size(text));
    }

    /** What holds a response: without buffering only the first buffer. */
    Formula memory() {
        Formula all = buffered ? bufferSize.plus(number.times(size)) : bufferSize;
        return all.named("buffers");
    }

    /** What the client's socket took in whole buffers: only those are filled again. */
    Formula drained(Input absorbed) {
        return Formula.call(
                        "whole_buffers",
                        Unit.BYTES,
                        v -> v[0] < v[1] ? 0 : v[1] + Math.floor((v[0] - v[1]) / v[2]) * v[2],
                        absorbed,
                        bufferSize,
                        size)
                .named("drained");
    }

    /** More buffers, of the size they have. */
    Lever more() {
        return Lever.scale(number.value(), MOST, Unit.COUNT, v -> sized(Math.round(v)));
    }

    /** What may mend the buffers of a location. */
    static List<Lever> remedies(Family family, Facts facts, String scope) {
        Optional<NginxConfig.Directive> location = Nginx.passing(facts, family.directive("pass")).stream()
                .filter(l -> l.scope().equals(scope))
                .findFirst();
        NginxBuffers b = of(family, facts, location);
        return b.buffered ? List.of(b.more()) : List.of();
    }

    /** Advice on the buffers that does not keep responses out of files without harm. */
    static List<Refused> refused(Family family) {
        return List.of(new Refused(
                family.directive("max_temp_file_size") + " 0",
                "nothing is written, but the upstream is held for as long as its client reads: see fpm-workers",
                "nginx: src/event/ngx_event_pipe.c; measured with 1.22"));
    }

    /** Fewer buffers, down to nginx's own 8. */
    Optional<Lever> fewer() {
        return number.value() > USUAL
                ? Optional.of(Lever.scale(number.value(), USUAL, Unit.COUNT, v -> sized(Math.round(v))))
                : Optional.empty();
    }

    private Candidate sized(long buffers) {
        String name = family.directive("buffers");
        String value = buffers + " " + Levers.size(size.value());
        boolean up = buffers > number.value();
        return Candidate.of(name + " " + value)
                .set(name, value)
                .snippet(Snippet.Kind.NGINX, name + " " + value + ";")
                .cost(
                        up
                                ? "up to " + Levers.bytes((buffers - number.value()) * size.value())
                                        + " more of memory for each response at the same time, as it needs them"
                                : "responses that no longer fit are written to temporary files")
                .risk(
                        up
                                ? "memory is taken by each slow client: buffer-memory says for how many it lasts"
                                : "the disk takes what memory did: see dirty-pages and disk",
                        "nginx: src/event/ngx_event_pipe.c; measured with 1.22");
    }

    boolean spools() {
        return buffered && maxTemp.value() > 0;
    }

    /** The first rule of ngx_http_fastcgi_merge_loc_conf that the directives break, in nginx's own words. */
    Optional<String> refusal() {
        double larger = Math.max(bufferSize.value(), size.value());
        String least = "equal to or greater than the maximum of the value of \"" + bufferSize.name()
                + "\" and one of the \"" + family.directive("buffers") + "\"";
        if (number.value() < 2) {
            return Optional.of("there must be at least 2 \"" + family.directive("buffers") + "\"");
        }
        if (busy.value() < larger) {
            return Optional.of("\"" + busy.name() + "\" must be " + least);
        }
        if (busy.value() > (number.value() - 1) * size.value()) {
            return Optional.of("\"" + busy.name() + "\" must be less than the size of all \""
                    + family.directive("buffers") + "\" minus one buffer");
        }
        if (writeSize.value() < larger) {
            return Optional.of("\"" + writeSize.name() + "\" must be " + least);
        }
        if (maxTemp.value() != 0 && maxTemp.value() < larger) {
            return Optional.of("\"" + maxTemp.name()
                    + "\" must be equal to zero to disable temporary files usage or must be " + least);
        }
        return Optional.empty();
    }

    Finding noted(Finding found, Optional<NginxConfig.Directive> location) {
        Finding noted = found;
        if (!buffered) {
            noted = noted.note(family.directive("buffering") + " off, " + bufferedBy + ": only " + bufferSize.name()
                    + " holds a response");
        } else {
            noted = noted.note(said(maxTemp.name(), maxTemp));
            noted = noted.note(said(writeSize.name(), writeSize)).note(said(busy.name(), busy));
        }
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            noted = noted.note("not valid, nginx -t refuses it: " + refusal.get() + ": " + sizes()
                    + (refusal.get().contains("must be less than")
                            ? "; equal to " + Quantity.of((number.value() - 1) * size.value(), Unit.BYTES)
                                    + " is accepted, whatever the message says"
                            : ""));
        }
        boolean cached = location.flatMap(l -> l.effective(family.directive("cache")))
                .map(d -> !d.args().equals(List.of("off")))
                .orElse(false);
        boolean stored = location.flatMap(l -> l.effective(family.directive("store")))
                .map(d -> !d.args().equals(List.of("off")))
                .orElse(false);
        return cached || stored
                ? noted.note("a response that " + family.directive(cached ? "cache" : "store")
                        + " keeps is written to a file whatever its size: this holds for the others")
                : noted;
    }

    private static String said(String name, Input input) {
        return name + " " + input.quantity() + "  " + input.evidence();
    }

    private String sizes() {
        return bufferSize.name() + " " + bufferSize.quantity() + ", " + family.directive("buffers") + " "
                + number.quantity() + " of "
                + size.quantity() + ", " + busy.name() + " " + busy.quantity() + ", " + writeSize.name() + " "
                + writeSize.quantity() + ", " + maxTemp.name() + " " + maxTemp.quantity();
    }

    /** Directives as the user says them, else as the location has them. */
    private record Directives(Family family, Facts facts, Optional<NginxConfig.Directive> location) {

        Optional<Fact> text(String of) {
            String name = family.directive(of);
            Optional<Fact> read = location.flatMap(l -> l.effective(name))
                    .map(d -> new Fact(name, String.join(" ", d.args()), Evidence.read(d.at())));
            Optional<Fact> said = facts.find(name);
            return said.isPresent() && read.isPresent()
                    ? Optional.of(new Fact(
                            name,
                            said.get().text(),
                            new Evidence(
                                    Evidence.Kind.CHANGED,
                                    "was " + read.get().text() + ", "
                                            + read.get().evidence().source())))
                    : said.or(() -> read);
        }

        Input size(String of, Quantity byDefault, String rule) {
            String name = family.directive(of);
            return text(of).map(f -> input(name, f, f.text()))
                    .orElseGet(() -> Input.byDefault(name, byDefault, family.defaults() + ", " + rule));
        }
    }
}
