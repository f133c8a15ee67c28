package hearth.dmodule.filesystem.operation;

import java.util.Optional;
import java.util.zip.CRC32C;

import hearth.base.Check;
import hearth.base.Units;
import hearth.dmodule.filesystem.core.FsAccess;
import hearth.dmodule.nvlog.NvLog;
import hearth.dmodule.nvlog.PayloadRef;
import hearth.dmodule.nvlog.Position;
import hearth.dmodule.nvlog.Replayer;
import hearth.memory.log.LogRecord;

/// Applies the log's records after a death, exactly as the call that made each one did. For `NvLog.replay`, on the one
/// thread that boots; nothing else uses the file system then.
public final class EffectReplayer implements Replayer {
    private final FsAccess access;
    private final NvLog log;
    private final EffectApplier applier;
    private final byte[] block = new byte[Units.BLOCK_SIZE];
    private final CRC32C crc = new CRC32C();

    public EffectReplayer(FsAccess access, NvLog log) {
        this.access = access;
        this.log = log;
        applier = new EffectApplier(access.state().applying());
    }

    /// A record whose effect does not parse, or whose payload has not the checksums that its effect names.
    @Override
    public Optional<String> complaint(Position position, LogRecord record) {
        Effect effect;
        try {
            effect = EffectCodec.decode(record.effect());
        } catch (EffectFormatException damaged) {
            return Optional.of(String.valueOf(damaged.getMessage()));
        }
        if (access.state().volume(effect.volumeId()).isEmpty()) {
            return Optional.of("effect on volume " + effect.volumeId() + ", which does not exist");
        }
        int payloadBlocks = record.header().payloadLength() / Units.BLOCK_SIZE;
        for (var step : effect.steps()) {
            if (step instanceof EffectStep.Data data) {
                if (data.payloadBlock() + data.crcs().length > payloadBlocks) {
                    return Optional.of("effect names more payload than its record has");
                }
                for (int i = 0; i < data.crcs().length; i++) {
                    if (!matches(position, data.payloadBlock() + i, data.crcs()[i])) {
                        return Optional.of("checksum of payload block " + (data.payloadBlock() + i));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean matches(Position position, int payloadBlock, int expected) {
        long ref = PayloadRef.block(position.payloadRef(), payloadBlock);
        if (!log.copyPayload(ref, 0, block, 0, block.length)) {
            return false;
        }
        crc.reset();
        crc.update(block);
        return (int) crc.getValue() == expected;
    }

    @Override
    public void replay(Position position, LogRecord record) {
        Effect effect;
        try {
            effect = EffectCodec.decode(record.effect());
        } catch (EffectFormatException damaged) {
            throw Check.failed("effect that parsed before does not: " + damaged.getMessage());
        }
        access.lock().exclusive();
        try {
            applier.apply(effect, position.payloadRef());
            log.index(position, EffectKeys.of(effect));
        } finally {
            access.lock().leaveExclusive();
        }
    }
}
