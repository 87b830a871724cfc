package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.model.token.Token;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Words, sentences and spans of tokens.
final class GroupsTest {
    /// Tokens between bars; one in angle brackets is special; `_` is a space, `~` a line feed.
    private static List<Token> tokens(String text) {
        var pieces = text.split("\\|");
        return IntStream.range(0, pieces.length).mapToObj(i -> {
            var piece = pieces[i].replace('_', ' ').replace('~', '\n');
            return new Token(i, i, piece, piece, 0, 0, piece.startsWith("<"));
        }).toList();
    }

    private static String joined(Groups groups, List<Token> tokens) {
        return groups.members().stream().map(g -> Arrays.stream(g).mapToObj(t -> tokens.get(t).text())
            .collect(Collectors.joining())).collect(Collectors.joining("|")).replace(' ', '_').replace('\n', '~');
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        <s>|The|_cap|ital|_of|.           ; <s>|The|_capital|_of.
        <s>|<b>|a|b                       ; <s>|<b>|ab
        a_|b|_|c                          ; a_|b|_|c
        Don|'|t|_stop|!                   ; Don't|_stop!
        今|日|は|_x                       ; 今日は|_x
        a|~|b                             ; a|~|b
        """)
    void words(String given, String expected) {
        var tokens = tokens(given);
        assertEquals(expected, joined(Groups.words(tokens), tokens));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        <s>|One|.|_Two|_three|?|_Four     ; <s>|One.|_Two_three?|_Four
        Pi|_is|_3|.|14|.|_Yes             ; Pi_is_3.14.|_Yes
        He|_said|_"|No|.|"|_Then|_he      ; He_said_"No."|_Then_he
        今日|。|明日                      ; 今日。|明日
        a|~|b|_c                          ; a~|b_c
        a|._|b                            ; a._|b
        no|_end                           ; no_end
        """)
    void sentences(String given, String expected) {
        var tokens = tokens(given);
        assertEquals(expected, joined(Groups.sentences(tokens), tokens));
    }

    @Test
    void spansAndWhatIsLeftOfThem() {
        var groups = Groups.spans(List.of(new int[] {0, 2}, new int[] {3, 6}));
        assertArrayEquals(new double[] {3, 15}, groups.sums(new double[] {1, 2, 3, 4, 5, 6}));
        var gone = new BitSet();
        gone.set(3, 6);
        assertEquals(1, groups.without(gone).size());
        assertArrayEquals(new int[] {3}, groups.before(4).members().get(1));
        assertArrayEquals(new double[] {7, 0, 0, 8, 0, 0}, groups.atFirst(new double[] {7, 8}, 6));
    }

    @Test
    void groupsThatCannotBeAreRefused() {
        for (var members : List.of(List.of(new int[] {}), List.of(new int[] {-1}),
            List.of(new int[] {0, 1}, new int[] {1})))
            assertThrows(IllegalArgumentException.class, () -> new Groups(members));
    }
}
