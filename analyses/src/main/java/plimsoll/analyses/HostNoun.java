package plimsoll.analyses;

import plimsoll.dsl.Budgets;

/** A noun that a law gives to {@link Host}: a method of its name that reads, and one that asks. */
interface HostNoun {
    /** All scopes of one budget, by consequence. */
    Budgets budgets(String name);

    /** The host asked with one input of a budget. */
    Host ask(String input, String value);
}
