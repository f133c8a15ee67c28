package hearth.fuzz;

import java.util.Arrays;
import java.util.List;

import hearth.dmodule.filesystem.operation.EffectDoor;

/// Effects, the bodies of log records. Encoding is canonical: what decodes encodes to the same bytes.
final class EffectTarget implements Target {
    private static final int FIRST_STEP = 8;
    private static final int DATA_COUNT = FIRST_STEP + 1 + 8 + 8 + 4;
    private static final int DATA_KIND = 7;

    @Override
    public void accept(byte[] input) {
        EffectDoor.encodedAgain(input).ifPresent(
                again -> Property.holds(Arrays.equals(again, input), "an effect encodes to other bytes"));
    }

    /// Makes room for as many checksums as a data step says.
    @Override
    public void acceptPlanted(byte[] input) {
        accept(input);
        if (input.length > DATA_COUNT + 3 && input[0] == 1 && input[1] == 0 && input[2] == 1
                && input[FIRST_STEP] == DATA_KIND && input[DATA_COUNT + 3] < 0) {
            throw new PlantedBug("a negative number of checksums");
        }
    }

    @Override
    public List<byte[]> seeds() {
        return EffectDoor.samples();
    }
}
