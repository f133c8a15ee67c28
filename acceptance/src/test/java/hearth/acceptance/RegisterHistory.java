package hearth.acceptance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The calls on one register (a block, an attribute) by several clients, each with its beginning and end, and whether
/// there is an order that explains them: each call at one moment between its beginning and its end, each read giving
/// what the last write before it wrote. Values are written once; 0 stood there in the beginning.
///
/// For such registers the answer needs no search (Gibbons and Korach, Testing Shared Memories, 1997): a value's zone
/// lies between the first end and the last beginning of the calls that name it. Where the end comes first, the value
/// stood there during all of the zone, so no two such zones overlap, and no value's calls all lie within one of
/// another's.
final class RegisterHistory {
    private final Map<Long, Value> values = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();

    private static final class Value {
        private boolean written;
        private long writeBegin;
        private long firstEnd = Long.MAX_VALUE;
        private long lastBegin = Long.MIN_VALUE;
        private long firstReadEnd = Long.MAX_VALUE;

        void add(long begin, long end) {
            firstEnd = Math.min(firstEnd, end);
            lastBegin = Math.max(lastBegin, begin);
        }

        boolean isForward() {
            return firstEnd < lastBegin;
        }

        long low() {
            return Math.min(firstEnd, lastBegin);
        }

        long high() {
            return Math.max(firstEnd, lastBegin);
        }
    }

    RegisterHistory() {
        wrote(0, Long.MIN_VALUE, Long.MIN_VALUE + 1);
    }

    void wrote(long value, long begin, long end) {
        Value of = values.computeIfAbsent(value, _ -> new Value());
        if (of.written) {
            complaints.add("value " + value + " was written twice");
        }
        of.written = true;
        of.writeBegin = begin;
        of.add(begin, end);
    }

    void read(long value, long begin, long end) {
        Value of = values.computeIfAbsent(value, _ -> new Value());
        of.firstReadEnd = Math.min(of.firstReadEnd, end);
        of.add(begin, end);
    }

    /// Why no order explains the calls; empty when one does.
    Optional<String> complaint() {
        if (!complaints.isEmpty()) {
            return Optional.of(complaints.getFirst());
        }
        for (var entry : values.entrySet()) {
            if (!entry.getValue().written) {
                return Optional.of("value " + entry.getKey() + " was read and never written");
            }
            if (entry.getValue().firstReadEnd < entry.getValue().writeBegin) {
                return Optional.of("value " + entry.getKey() + " was read before it was written");
            }
        }
        List<Map.Entry<Long, Value>> forward = values.entrySet().stream()
                .filter(entry -> entry.getValue().isForward())
                .sorted(Comparator.comparingLong(entry -> entry.getValue().low()))
                .toList();
        for (int i = 1; i < forward.size(); i++) {
            if (forward.get(i).getValue().low() < forward.get(i - 1).getValue().high()) {
                return Optional.of("values " + forward.get(i - 1).getKey() + " and " + forward.get(i).getKey()
                        + " stood there at the same time: one came back");
            }
        }
        for (var entry : values.entrySet()) {
            Value inner = entry.getValue();
            for (var outer : forward) {
                if (!inner.isForward() && outer.getValue().low() < inner.low()
                        && inner.high() < outer.getValue().high()) {
                    return Optional.of("value " + entry.getKey() + " came and went while " + outer.getKey()
                            + " stood there");
                }
            }
        }
        return Optional.empty();
    }
}
