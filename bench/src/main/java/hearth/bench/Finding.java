package hearth.bench;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a row found.
///
/// @param ours what Hearth reached, for the table
/// @param peer what the peer or the bare device reached; empty without one
/// @param ratio ours against it, median and spread; empty without one
/// @param met whether the goal is; UNKNOWN where nothing was there to compare with
/// @param notes lines below the table's
/// @param numbers the same for programs
record Finding(String ours, String peer, String ratio, Met met, List<String> notes, ObjectNode numbers) {
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

    static ObjectNode newNumbers() {
        return JsonNodeFactory.instance.objectNode();
    }

    Finding and(String note) {
        var all = new ArrayList<>(notes);
        all.add(note);
        return new Finding(ours, peer, ratio, met, all, numbers);
    }
}
