package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import plimsoll.dsl.Budget;
import plimsoll.dsl.Evidence;
import plimsoll.dsl.Fact;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.Capture;

/** Facts as sources would read them. */
final class Read {
    private Read() {}

    /** Names and texts in turn. */
    static Facts facts(String... namesAndTexts) {
        Facts facts = Facts.none();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            facts = facts.plus(new Fact(namesAndTexts[i], namesAndTexts[i + 1], Evidence.read("test:" + i)));
        }
        return facts;
    }

    /** A whole configuration of nginx: what stands in the main context, and what in the http block. */
    static Facts nginx(String main, String http) {
        return Capture.of("# configuration file /etc/nginx/nginx.conf:\n" + main
                        + "\nevents { worker_connections 1024; }\nhttp {\n" + http + "\n}\n")
                .facts();
    }

    static void assertState(Verdict.State state, Budget b) {
        assertEquals(state, b.verdict().state(), b::toString);
        assertTrue(b.toString().length() <= 76, b::toString);
    }

    static void assertNoted(String words, Budget b) {
        assertTrue(
                b.finding().notes().stream().anyMatch(n -> n.contains(words)),
                () -> String.join("\n", b.finding().notes()));
    }

    static double value(Budget b, String figure) {
        return b.figure(figure).value();
    }
}
