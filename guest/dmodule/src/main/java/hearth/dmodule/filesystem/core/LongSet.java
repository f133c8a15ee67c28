package hearth.dmodule.filesystem.core;

/// A set of non-negative numbers without boxes.
final class LongSet {
    private final LongTable<Boolean> table = new LongTable<>();

    boolean has(long key) {
        return table.has(key);
    }

    void add(long key) {
        table.put(key, Boolean.TRUE);
    }
}
