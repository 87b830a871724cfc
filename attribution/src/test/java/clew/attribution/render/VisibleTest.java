package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class VisibleTest {
    @Test
    void whatSteersIsShownInstead() {
        assertEquals("a↵b⇥c␍␀␛[31m␡", Visible.of("a\nb\tc\r\u0000\u001b[31m\u007f"));
        assertEquals("⟨9B⟩⟨202E⟩⟨200B⟩⟨2028⟩⟨FEFF⟩⟨E0041⟩", Visible.of("\u009b\u202e\u200b\u2028\ufeff\udb40\udc41"));
        assertEquals("\uFFFD", Visible.of("\uD83D"));
    }

    @Test
    void whatScriptsNeedStays() {
        for (var text : List.of("می‌خواهم", "👩‍👩‍👧‍👦", "e\u0301", "漢字", "שלום", "❤️", " a  b "))
            assertEquals(text, Visible.of(text));
    }

    @Test
    void aTextThatStandsAloneShowsItsEnds() {
        assertEquals("␣girl", Visible.alone(" girl"));
        assertEquals("␣␣a b␣", Visible.alone("  a b "));
        assertEquals("␣␣", Visible.alone("  "));
        assertEquals("◌\u0301", Visible.alone("\u0301"));
        assertEquals("", Visible.alone(""));
        assertEquals("\u200E␣שלום\u200E", Visible.alone(" שלום"));
    }

    @Test
    void numbersHaveTheDigitsAskedFor() {
        assertEquals("1.235", Digits.of(1.23456, 4));
        assertEquals("12.35", Digits.of(12.3456, 4));
        assertEquals("10.00", Digits.of(9.9996, 4));
        assertEquals("-0.0001235", Digits.of(-0.000123456, 4));
        assertEquals("1.235e-05", Digits.of(0.0000123456, 4));
        assertEquals("123457", Digits.of(123456.7, 4 + 2));
        assertEquals("123500", Digits.of(123456.7, 4));
        assertEquals("1.235e+06", Digits.of(1234567, 4));
        assertEquals("1e-15", Digits.of(1e-15, 1));
        assertEquals("4.941e-324", Digits.of(Double.MIN_VALUE, 4));
        assertEquals("0", Digits.of(-0.0, 4));
        assertEquals("NaN", Digits.of(Double.NaN, 4));
        assertEquals("-∞", Digits.of(Double.NEGATIVE_INFINITY, 4));
    }
}
