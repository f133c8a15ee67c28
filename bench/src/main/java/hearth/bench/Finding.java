package hearth.bench;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What was found: a line of the table.
///
/// @param goal in words
/// @param ours what Hearth reached
/// @param other the peer, or what else it is held against; empty without one
/// @param ratio ours against it, median and spread; empty without one
/// @param met whether the goal is; UNKNOWN where there was nothing to hold it against
/// @param notes lines below
/// @param numbers the same for programs
record Finding(
        String id,
        String title,
        String goal,
        String ours,
        String other,
        String ratio,
        Met met,
        List<String> notes,
        ObjectNode numbers) {
    enum Met {
        YES,
        NO,
        UNKNOWN;

        static Met of(boolean met) {
            return met ? YES : NO;
        }

        String text() {
            return switch (this) {
                case YES -> "met";
                case NO -> "NOT MET";
                case UNKNOWN -> "-";
            };
        }
    }

    Finding {
        notes = List.copyOf(notes);
    }

    /// One without a comparison.
    static Finding of(String id, String title, String goal, String ours, boolean met, ObjectNode numbers) {
        return new Finding(id, title, goal, ours, "", "", Met.of(met), List.of(), numbers);
    }

    static ObjectNode newNumbers() {
        return JsonNodeFactory.instance.objectNode();
    }

    Finding and(String note) {
        var all = new ArrayList<>(notes);
        all.add(note);
        return new Finding(id, title, goal, ours, other, ratio, met, all, numbers);
    }
}
