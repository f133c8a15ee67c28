package hearth.domain0.domain;

import java.util.concurrent.atomic.AtomicBoolean;

import hearth.domain0.disk.DiskBackEnd;
import hearth.memory.label.DiskLabel;
import hearth.memory.label.LabelCodec;
import hearth.memory.label.LabelRead;

/// Hears of label writes and of a guest that speaks nonsense. The disk threads call.
final class LabelWatch implements DiskBackEnd.Listener {
    private final Generations generations;
    private final AtomicBoolean nonsense = new AtomicBoolean();

    /// Takes label generations; any thread.
    @FunctionalInterface
    interface Generations {
        void labelled(long number, long id);
    }

    LabelWatch(Generations generations) {
        this.generations = generations;
    }

    @Override
    public void labelWritten(int slot, byte[] block) {
        if (LabelCodec.decode(block) instanceof LabelRead.Valid(DiskLabel label)) {
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
