package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import hearth.memory.log.LogArea;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogWriter;

/// `LogClaimStress` with a guest whose payload comes after the commit.
@JCStressTest
@Outcome(id = {"0", "1"}, expect = Expect.ACCEPTABLE, desc = "whole, or not there yet")
@Outcome(expect = Expect.FORBIDDEN, desc = "a committed record that is not whole")
@State
public class BrokenLogClaim {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Logs.PAYLOAD_BYTES]);

    private static final int PIECE_BYTES = 32;

    private final LogArea area = Logs.empty(Logs.MEMORY.next());
    private final LogWriter writer = Logs.writer(area);
    private final LogReader reader = new LogReader(area);

    @Actor
    public void guest() {
        var record = Logs.claim(writer);
        Logs.header(record);
        record.commit();
        Pauses.some();
        for (int at = 0; at < Logs.PAYLOAD_BYTES; at += PIECE_BYTES) {
            record.payload(at, Logs.payload(1), at, PIECE_BYTES);
        }
    }

    @Actor
    public void flusher(I_Result result) {
        result.r1 = Logs.look(area, reader, 1, COPY);
    }
}
