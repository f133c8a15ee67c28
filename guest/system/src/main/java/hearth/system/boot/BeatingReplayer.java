package hearth.system.boot;

import java.io.IOException;
import java.util.Optional;

import hearth.dmodule.nvlog.Position;
import hearth.dmodule.nvlog.Replayer;
import hearth.memory.log.LogRecord;
import hearth.system.wiring.Heartbeat;

/// Each replayed record is progress: a long replay is not taken for a hang.
record BeatingReplayer(Replayer replayer, Heartbeat heartbeat) implements Replayer {
    @Override
    public Optional<String> complaint(Position position, LogRecord record) {
        return replayer.complaint(position, record);
    }

    @Override
    public void replay(Position position, LogRecord record) throws IOException {
        replayer.replay(position, record);
        heartbeat.progress();
    }
}
