package clew.cuda;

import java.util.List;

/// The cards that the driver finds, or in one sentence why there is none.
sealed interface Found {
    record Cards(List<Card> cards) implements Found {}

    record Nothing(String why) implements Found {}
}
