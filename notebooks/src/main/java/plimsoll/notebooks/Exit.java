package plimsoll.notebooks;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import jdk.jshell.spi.SPIResolutionException;
import plimsoll.analyses.Report;
import plimsoll.dsl.Budget;
import plimsoll.dsl.Budgets;
import plimsoll.dsl.Verdict;
import plimsoll.telemetry.NothingReadable;

/** The exit code of a script, as the command line has it: {@code /exit Exit.code(() -> report())}. */
public final class Exit {
    static final int WRONG = 2;
    static final int UNREADABLE = 3;

    private Exit() {}

    /**
     * Runs what a script has to do and says with which code the script ends: 0, or 1 where a report, budgets or a budget came out of it
     * and something is over. Where it fails that is said in a sentence on standard error: 3 when nothing was readable, else 2.
     *
     * @param script what is to be done; a number that it returns is the code
     */
    public static int code(Callable<?> script) {
        try {
            Object result = script.call();
            if (result instanceof Integer code) {
                return code;
            }
            return budgets(result).anyMatch(b -> b.verdict().state() == Verdict.State.OVER) ? 1 : 0;
        } catch (NothingReadable e) {
            System.err.println("plimsoll: " + e.getMessage());
            return UNREADABLE;
        } catch (SPIResolutionException e) {
            System.err.println(
                    "plimsoll: what the script calls does not compile: ./plimsoll shell < SCRIPT says where");
            return WRONG;
        } catch (Exception e) {
            boolean sentence = e instanceof IllegalArgumentException;
            System.err.println(
                    "plimsoll: " + (sentence ? Objects.requireNonNullElse(e.getMessage(), e.toString()) : e));
            return WRONG;
        }
    }

    private static Stream<Budget> budgets(Object result) {
        if (result instanceof Budget budget) {
            return Stream.of(budget);
        }
        if (result instanceof Budgets budgets) {
            return budgets.stream();
        }
        return result instanceof Report report ? report.budgets().stream() : Stream.empty();
    }
}
