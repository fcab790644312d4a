package plimsoll.analyses;

import java.util.Optional;
import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Missing;
import plimsoll.dsl.Unit;

/** The memory that programs can still have. */
final class Memory {
    static final String AVAILABLE = "meminfo:MemAvailable";
    static final Missing UNSEEN = new Missing("MemAvailable", "cat /proc/meminfo");

    private Memory() {}

    /** MemAvailable: what can be had without swapping, as si_mem_available of mm/page_alloc.c estimates it. */
    static Optional<Input> available(Facts facts) {
        return facts.input(AVAILABLE, Unit.BYTES).or(() -> facts.input("free:Mem.available", Unit.BYTES));
    }
}
