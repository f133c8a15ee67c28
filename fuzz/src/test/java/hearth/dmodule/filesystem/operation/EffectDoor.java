package hearth.dmodule.filesystem.operation;

import java.util.List;
import java.util.Optional;

import hearth.cf.FileType;
import hearth.cf.Name;

/// Lets the fuzz targets at the codec of effects.
public final class EffectDoor {
    private EffectDoor() {}

    /// Decodes and encodes again; empty when the bytes are no effect.
    public static Optional<byte[]> encodedAgain(byte[] bytes) {
        try {
            return Optional.of(EffectCodec.encode(EffectCodec.decode(bytes)));
        } catch (EffectFormatException e) {
            return Optional.empty();
        }
    }

    /// Effects with a step of each kind between them.
    public static List<byte[]> samples() {
        var name = Name.of("name");
        var fields = new InodeFields(FileType.REGULAR, 0644, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        return List.of(
                EffectCodec.encode(Effect.none(1)),
                EffectCodec.encode(new Effect(1, List.of(new EffectStep.Data(65, 0, 0, new int[] {1, 2})))),
                EffectCodec.encode(new Effect(1, List.of(
                        new EffectStep.Take(65, 1),
                        new EffectStep.SetInode(65, fields),
                        new EffectStep.AddName(64, name, 3, 65, FileType.REGULAR)))),
                EffectCodec.encode(new Effect(1, List.of(
                        new EffectStep.ReplaceName(64, name, 3, 66, FileType.DIRECTORY),
                        new EffectStep.RemoveName(64, name, 3),
                        new EffectStep.Cut(65, 1),
                        new EffectStep.Target(65, new byte[] {'x'}),
                        new EffectStep.Free(65)))));
    }
}
