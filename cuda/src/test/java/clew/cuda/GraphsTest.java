package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.cuda.FakeDriver.Trait;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which steps are sent as a graph, and how often one is made.
class GraphsTest {
    private static final int SIZE = 512;

    private static FakeDriver driver(Trait... traits) {
        return new FakeDriver(new Card("Fake", 1 << 20, 7, 5, 8), 1 << 20, traits);
    }

    /// Clears a place and copies it on, so often.
    private static List<Step> steps(long at, int count) {
        var steps = new ArrayList<Step>(List.of(new Step.Clear(at, SIZE / 2)));
        while (steps.size() < count) steps.add(new Step.Copy(at + SIZE / 2, at, SIZE / 2));
        return steps;
    }

    private static List<Integer> counts(FakeDriver driver) {
        return List.of(driver.made, driver.changed, driver.run);
    }

    @Test
    void whatComesAgainIsAGraphAndWhatComesThereAgainIsTheSame() {
        var driver = driver();
        var graphs = new Graphs(driver);
        long here = driver.allocate(SIZE), there = driver.allocate(SIZE), elsewhere = driver.allocate(SIZE);
        graphs.run(steps(here, 6));
        assertEquals(List.of(0, 0, 0), counts(driver), "once: one by one");
        graphs.run(steps(here, 6));
        graphs.run(steps(here, 6));
        assertEquals(List.of(1, 0, 2), counts(driver), "in the same places: a graph of its own");
        graphs.run(steps(there, 6));
        assertEquals(List.of(2, 0, 3), counts(driver), "in others: a graph of its kinds");
        graphs.run(steps(elsewhere, 6));
        assertEquals(List.of(2, 1, 4), counts(driver), "that is changed");
        graphs.run(steps(there, 6));
        graphs.run(steps(there, 6));
        graphs.run(steps(here, 6));
        assertEquals(List.of(3, 1, 7), counts(driver), "what comes again anywhere has its own");
        graphs.run(steps(here, 7));
        assertEquals(List.of(3, 1, 7), counts(driver), "another sequence");
        graphs.clear();
        assertEquals(0, driver.graphs());
    }

    @Test
    void aGraphThatCannotBeChangedIsMadeAnew() {
        var driver = driver(Trait.KEEPS_GRAPHS);
        var graphs = new Graphs(driver);
        for (int i = 0; i < 3; i++) graphs.run(steps(driver.allocate(SIZE), 6));
        assertEquals(List.of(2, 0, 2), counts(driver));
        assertEquals(1, driver.graphs());
    }

    @Test
    void fewStepsAreNoGraph() {
        var driver = driver();
        var graphs = new Graphs(driver);
        var at = driver.allocate(SIZE);
        for (int i = 0; i < 5; i++) graphs.run(steps(at, 3));
        assertEquals(0, driver.made);
    }

    @Test
    void graphsOfSequencesThatDoNotComeAnyMoreAreForgotten() {
        var driver = driver();
        var graphs = new Graphs(driver);
        long here = driver.allocate(SIZE), there = driver.allocate(SIZE);
        for (int count = 10; count < 110; count++) for (var at : List.of(here, there)) graphs.run(steps(at, count));
        assertEquals(100, driver.made);
        assertEquals(64, driver.graphs(), "of kinds");
        for (int count = 200; count < 500; count++) for (int i = 0; i < 3; i++) graphs.run(steps(here, count));
        assertEquals(100 + 300, driver.made);
        assertEquals(256, driver.graphs(), "of places; by now those of kinds have gone");
    }

    @Test
    void whereGraphsAreRefusedStepsGoOneByOne() {
        var driver = driver(Trait.REFUSES_GRAPHS);
        var graphs = new Graphs(driver);
        var at = driver.allocate(SIZE);
        assertEquals(Optional.empty(), graphs.refusal());
        for (int i = 0; i < 3; i++) graphs.run(steps(at, 6));
        assertEquals(0, driver.run);
        assertEquals(Optional.of("the cuda device failed when recording"), graphs.refusal());

        assertEquals(Optional.of("this card has none"), new Graphs(driver(Trait.NO_GRAPHS)).refusal());
    }

    /// A graph that waits in the line is the one that was sent, whatever becomes of it afterwards.
    @Test
    void changingAGraphLeavesWhatIsOnItsWay() {
        var driver = driver();
        var graphs = new Graphs(driver);
        long here = driver.allocate(SIZE), there = driver.allocate(SIZE);
        graphs.run(steps(here, 6));
        graphs.run(steps(there, 6));
        graphs.run(steps(here, 6));
        graphs.clear();
        driver.await();
        for (var at : List.of(here, there)) {
            var read = new byte[SIZE];
            driver.download(MemorySegment.ofArray(read), at);
            assertEquals(Collections.nCopies(SIZE, 0), IntStream.range(0, SIZE).map(i -> read[i]).boxed()
                .toList());
        }
    }

    /// The fake driver's own law: what a line still uses cannot be freed.
    @Test
    void memoryThatAWaitingGraphUsesIsNotFreed() {
        var driver = driver();
        var graphs = new Graphs(driver);
        var at = driver.allocate(SIZE);
        graphs.run(steps(at, 6));
        graphs.run(steps(at, 6));
        assertTrue(assertThrows(AssertionError.class, () -> driver.release(at)).getMessage().contains("in a line"));
    }
}
