package hearth.domain0.domain;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import hearth.domain0.disk.DiskBackEnd;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelRead;
import hearth.memory.label.MemberState;

/// Knows the newest label of a domain's disks: as it was found, and as a guest writes it. Also hears of a guest that
/// speaks nonsense. The disk threads call.
final class LabelWatch implements DiskBackEnd.Listener {
    private final Generations generations;
    private final AtomicBoolean nonsense = new AtomicBoolean();
    private Optional<DiskLabel> newest;

    /// Takes label generations; any thread.
    @FunctionalInterface
    interface Generations {
        void labelled(long number, long id);
    }

    /// @param found labels as they were read when the disks were opened
    LabelWatch(Generations generations, List<DiskLabel> found) {
        this.generations = generations;
        newest = newest(found);
    }

    /// The label of the highest generation.
    static Optional<DiskLabel> newest(List<DiskLabel> labels) {
        return labels.stream().max(Comparator.comparingLong(label -> label.generation().number()));
    }

    /// What the newest label says of the member at a position of the group.
    synchronized Optional<MemberState> memberState(int position) {
        return newest.filter(label -> position < label.states().size()).map(label -> label.states().get(position));
    }

    /// The newest label's generation, 0 when there is no label.
    synchronized long generation() {
        return newest.map(label -> label.generation().number()).orElse(0L);
    }

    @Override
    public void labelDurable(int slot, byte[] block) {
        if (LabelCodec.decode(block) instanceof LabelRead.Valid(DiskLabel label)) {
            synchronized (this) {
                newest = newest(Stream.concat(newest.stream(), Stream.of(label)).toList());
            }
            generations.labelled(label.generation().number(), label.generation().id());
        }
    }

    @Override
    public void ringNonsense() {
        nonsense.set(true);
    }

    /// Whether a ring made no sense since this was asked last.
    boolean takeNonsense() {
        return nonsense.getAndSet(false);
    }
}
