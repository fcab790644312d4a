package plimsoll.analyses;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import plimsoll.dsl.Brief;
import plimsoll.dsl.Terminal;

/** What shows that limits were hit already, immutable: one symptom a line. */
public final class Symptoms implements Iterable<Symptom> {
    private final List<Symptom> symptoms;

    private Symptoms(List<Symptom> symptoms) {
        this.symptoms = List.copyOf(symptoms);
    }

    static Symptoms of(Observed seen) {
        return new Symptoms(
                SymptomRules.found(seen).map(SymptomRules.Found::symptom).toList());
    }

    /** How many. */
    public int size() {
        return symptoms.size();
    }

    /** The one at a place, from 0. */
    public Symptom get(int index) {
        return symptoms.get(index);
    }

    @Override
    public Iterator<Symptom> iterator() {
        return symptoms.iterator();
    }

    /** In order. */
    public Stream<Symptom> stream() {
        return symptoms.stream();
    }

    /** Writes all of them to standard output. */
    public void print() {
        symptoms.forEach(s -> System.out.println(Terminal.printable(s.toString())));
    }

    /** One a line, as many as fit in a thousand characters. */
    @Override
    public String toString() {
        return Brief.of(symptoms, "no symptoms");
    }
}
