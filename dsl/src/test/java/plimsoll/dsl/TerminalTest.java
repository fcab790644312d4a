package plimsoll.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class TerminalTest {
    @Test
    void whatSteersATerminalIsShownAsAQuestionMark() {
        assertEquals("a?[2Jb", Terminal.printable("a\u001b[2Jb"));
        assertEquals("bell?, tab?, right-to-left?", Terminal.printable("bell\u0007, tab\t, right-to-left\u202e"));
        assertEquals("lone surrogate ?", Terminal.printable("lone surrogate \ud800"));
    }

    @Test
    void lettersOfAnyScriptStay() {
        assertEquals("Zürich, 東京, 🚢, ±", Terminal.printable("Zürich, 東京, 🚢, ±"));
    }

    @Test
    void columnsAreAsWideAsTheirWidestCellAndLinesEndWithoutBlanks() {
        assertEquals("name  n\na     100\n", Terminal.aligned(List.of(List.of("name", "n"), List.of("a", "100"))));
    }

    @Test
    void thousandsAreSetApart() {
        assertEquals("0", Terminal.grouped(0));
        assertEquals("999", Terminal.grouped(999));
        assertEquals("-28,232", Terminal.grouped(-28232));
        assertEquals("-9,223,372,036,854,775,808", Terminal.grouped(Long.MIN_VALUE));
        assertEquals("1,234.5678", Terminal.grouped("1234.5678"));
    }

    @Property
    void groupsAsTheFormatterDoes(@ForAll long number) {
        assertEquals(String.format(Locale.ROOT, "%,d", number), Terminal.grouped(number));
    }

    @Test
    void noLinesAreNoText() {
        assertEquals("", Terminal.aligned(List.of()));
    }

    @Test
    void aLineOfAnotherLengthIsRefused() {
        var e = assertThrows(
                IllegalArgumentException.class, () -> Terminal.aligned(List.of(List.of("a", "b"), List.of("c"))));
        assertEquals("a line of 1 cells among lines of 2: [c]", e.getMessage());
    }

    @Test
    void colourIsNotForcedOnAnyone() {
        assertTrue(Terminal.colours(null, "xterm"));
        assertTrue(Terminal.colours("", "xterm"), "no-color.org: set, and not to an empty text");
        assertFalse(Terminal.colours("1", "xterm"));
        assertFalse(Terminal.colours(null, "dumb"));
        assertFalse(Terminal.colours(null, null));
        assertFalse(Terminal.colours(null, ""));
    }
}
