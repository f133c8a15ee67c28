package hearth.memory.label;

/// What a place for a label holds.
public sealed interface LabelRead {
    record Valid(DiskLabel label) implements LabelRead {}

    /// All zero: a disk that nobody labelled.
    record Blank() implements LabelRead {}

    /// Of a program newer than this one.
    record TooNew(int version) implements LabelRead {}

    /// Of a program so old that this one does not know it.
    record TooOld(int version) implements LabelRead {}

    /// Bytes of somebody else: nothing that this program ever wrote there.
    record Unknown() implements LabelRead {}

    /// A damaged label.
    record Corrupt(String why) implements LabelRead {}
}
