package clew.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Rows.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
    @Test
    void equalRowsAreEqualRecordsHoweverTheyAreCut() {
        var whole = new Rows(6, List.of(new Run(0, 0, 0, 6), new Run(1, 6, 2, 3)));
        var cut = new Rows(6, List.of(new Run(0, 0, 0, 2), new Run(0, 2, 2, 0), new Run(0, 2, 2, 4),
                                      new Run(1, 6, 2, 1), new Run(1, 7, 3, 2), new Run(2, 9, 0, 0)));
        assertEquals(whole, cut);
        assertEquals(whole.hashCode(), cut.hashCode());
        assertEquals(2, cut.seeds());
        assertEquals(Rows.all(6), new Rows(6, List.of(new Run(0, 0, 0, 3), new Run(0, 3, 3, 3))));
    }

    @Test
    void seedsAreNeverJoined() {
        assertEquals(List.of(new Run(0, 0, 0, 2), new Run(1, 2, 2, 2)),
                     new Rows(4, List.of(new Run(0, 0, 0, 2), new Run(1, 2, 2, 2))).runs());
        assertEquals(3, Rows.seeds(3, 4).runs().size());
    }

    @Test
    void kSeedsWrapAroundTheActivations() {
        var rows = Rows.seeds(3, 4);
        assertEquals(12, rows.count());
        assertEquals(3, rows.seeds());
        assertArrayEquals(new int[] {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3}, rows.faced());
        assertFalse(rows.isIdentity());
        assertTrue(Rows.all(4).isIdentity());
        assertFalse(new Rows(4, List.of(new Run(0, 0, 0, 3))).isIdentity(), "one row is skipped");
        assertFalse(new Rows(4, List.of(new Run(0, 0, 1, 3))).isIdentity());
    }

    @Test
    void noActivationsAreNoRuns() {
        assertEquals(List.of(), Rows.all(0).runs());
        assertEquals(0, Rows.seeds(3, 0).count());
        assertEquals(0, Rows.all(0).faced().length);
    }

    @Test
    void cutLeavesOneRunPerSeedAndSequence() {
        var rows = new Rows(9, List.of(new Run(0, 0, 0, 8), new Run(1, 8, 4, 1)));
        var cut = List.of(new Run(0, 0, 0, 3), new Run(0, 3, 3, 3), new Run(0, 6, 6, 2), new Run(1, 8, 4, 1));
        assertEquals(cut, rows.cut(3));
    }

    @Test
    void headsListTheRowsOfEachHeadInOrder() {
        // two sequences of 2: seed 0 lists sequence 0 and half of 1, seed 1 the same half
        var rows = new Rows(4, List.of(new Run(0, 0, 0, 3), new Run(1, 3, 2, 1)));
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 6, 4, 6}, rows.heads(2, 2).faced());
        assertEquals(8, rows.heads(2, 2).activations());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void mergeHeadsUndoesHeads(long draw) {
        var random = new SplittableRandom(draw);
        int queries = random.nextInt(1, 5), sequences = random.nextInt(1, 4), heads = random.nextInt(1, 5);
        var runs = new ArrayList<Run>();
        var at = 0;
        for (int seed = 0; seed < 3; seed++)
            for (int s = 0; s < sequences; s++) {
                var first = random.nextInt(queries);
                var length = random.nextInt(1, queries - first + 1);
                runs.add(new Run(seed, at, s * queries + first, length));
                at += length;
            }
        var rows = new Rows(sequences * queries, runs);
        assertEquals(rows, rows.heads(heads, queries).mergeHeads(heads, queries), () -> "draw " + draw);
        assertEquals(heads * rows.count(), rows.heads(heads, queries).count());
    }

    @Test
    void aRunThatDoesNotFitIsRefused() {
        refused(new Run(0, 1, 0, 2));                                                  // a gap before it
        refused(new Run(0, 0, 3, 2));                                                  // past the activations
        refused(new Run(0, 0, -1, 2));
        refused(new Run(0, 0, 3, -1));
        refused(new Run(-1, 0, 0, 2));
        refused(new Run(0, 0, 1, Integer.MAX_VALUE));                                  // first + length wraps
        assertThrows(ArithmeticException.class, () -> Rows.seeds(1 << 20, 1 << 20));
    }

    private static void refused(Run run) {
        var e = assertThrows(IllegalArgumentException.class, () -> new Rows(4, List.of(run)));
        assertTrue(e.getMessage().contains(run.toString()), e::getMessage);
        assertTrue(e.getMessage().contains("4 activation rows"), e::getMessage);
    }

    @Test
    void joiningUndoesSplitting() {
        var rows = new Rows(6, List.of(new Run(0, 0, 0, 2), new Run(1, 2, 3, 3)));
        assertEquals(new Rows(18, List.of(new Run(0, 0, 0, 6), new Run(1, 6, 9, 9))), rows.split(3));
        assertEquals(rows, rows.split(3).join(3));
        assertThrows(IllegalArgumentException.class, () -> rows.join(3));
    }
}
