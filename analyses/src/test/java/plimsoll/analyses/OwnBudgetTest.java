package plimsoll.analyses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static plimsoll.analyses.Read.assertState;

import org.junit.jupiter.api.Test;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Effect;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Formula;
import plimsoll.dsl.Input;
import plimsoll.dsl.Law;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;
import plimsoll.dsl.Verdict;

/** Budgets that no catalogue has, in one call. */
class OwnBudgetTest {

    /** 400 queries a second of 30 ms on a pool of 10. */
    @Test
    void aJdbcPool() {
        Budget pool = Budget.of(
                "jdbc-pool",
                Input.given("queries", "400/s").times(Input.given("held", "30 ms")),
                Input.given("maximumPoolSize", "10"));
        assertEquals("jdbc-pool OVER: 12 of 10 (120%)", pool.toString());
        assertEquals("333.3/s", pool.breaksAt("queries").toString());
        assertEquals("25 ms", pool.breaksAt("held").toString());
        assertState(Verdict.State.FITS, pool.with("maximumPoolSize", "12"));
        assertTrue(pool.explain().text().contains("queries x held"), pool.explain()::text);
        assertTrue(pool.sweep("queries", "0/s", "800/s").toString().length() > 0);
    }

    /** Threads of Tomcat wait for the database, too: request time and the wait for a connection hold a thread. */
    @Test
    void aTomcatThreadPool() {
        Input requests = Input.given("requests", "900/s");
        Formula held = Input.given("work", "150 ms").plus(Input.given("wait", "50 ms"));
        Law law = Law.of(
                "tomcat-threads", Effect.SLOWS, Unit.COUNT, requests.times(held), Input.given("maxThreads", "200"));
        Budget threads = Budget.of(law, Facts.none(), "all");
        assertEquals("tomcat-threads FITS: 180 of 200 (90%)", threads.toString());
        assertEquals("1,000/s", threads.breaksAt("requests").toString());
        assertState(Verdict.State.OVER, threads.with("wait", "80 ms"));
    }

    @Test
    void anotherOneFromTheFactsOfAHost() {
        Host host = Host.of("$ sysctl net.core.somaxconn\nnet.core.somaxconn = 128\n");
        Budget pool = host.budget(facts -> Budget.of(
                "java-backlog",
                Input.given("connects", "300/s").times(Input.given("pause", "500 ms")),
                facts.input("net.core.somaxconn", Unit.COUNT).orElseThrow().plus(Formula.fixed(Quantity.count(1)))));
        assertEquals("java-backlog OVER: 150 of 129 (116%)", pool.toString());
        assertEquals("258/s", pool.breaksAt("connects").toString());
    }
}
