package plimsoll.analyses;

import plimsoll.dsl.Facts;
import plimsoll.dsl.Input;
import plimsoll.dsl.Quantity;
import plimsoll.dsl.Unit;

/** The size of a page of memory, as {@code getconf PAGE_SIZE} says it. */
final class PageSize {
    private static final String NAME = "PAGE_SIZE";

    private PageSize() {}

    /** The page size that was said, else the 4096 bytes of x86-64. */
    static Input of(Facts facts) {
        return facts.input(NAME, Unit.BYTES, "B")
                .orElseGet(() -> Input.byDefault(NAME, Quantity.bytes(4096), "x86-64; getconf PAGE_SIZE"));
    }
}
