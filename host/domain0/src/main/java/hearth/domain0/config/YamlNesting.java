package hearth.domain0.config;

import java.util.Iterator;
import java.util.OptionalInt;

import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;

/// Lists and mappings within each other. Whoever makes a tree of them does so by recursion, and some thousand brackets
/// would end this program with an overflown stack in place of a line that says what is wrong.
final class YamlNesting {
    /// Far beyond what any key needs.
    static final int DEPTH_MAX = 32;

    private YamlNesting() {}

    /// The line, from 1, where the nesting becomes too deep.
    static OptionalInt tooDeepAt(Iterator<Event> events) {
        int depth = 0;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof CollectionStartEvent) {
                depth++;
            } else if (event instanceof CollectionEndEvent) {
                depth--;
            }
            if (depth > DEPTH_MAX) {
                return OptionalInt.of(event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1));
            }
        }
        return OptionalInt.empty();
    }
}
