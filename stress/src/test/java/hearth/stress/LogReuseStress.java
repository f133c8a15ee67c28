package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import hearth.memory.log.LogArea;
import hearth.memory.log.LogReader;
import hearth.memory.log.LogWriter;

/// The readers' epoch: a half is used again while one reads a payload in it and the flusher walks it. The half's lap,
/// looked at again after the copy, says whether the copy counts.
@JCStressTest
@Outcome(id = {"1, 1", "1, 9", "9, 1", "9, 9"}, expect = Expect.ACCEPTABLE, desc = "there, or gone")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes of another lap")
@State
public class LogReuseStress {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Logs.PAYLOAD_BYTES]);

    private final LogArea area = Logs.empty(Logs.MEMORY.next());
    private final LogWriter writer = Logs.writer(area);
    private final LogReader reader = new LogReader(area);
    private final long lap;
    private final long payloadAt;

    /// Record 1 stands in half 0, record 2 in half 1, and a consistency point includes both.
    public LogReuseStress() {
        var record = Logs.claim(writer);
        payloadAt = record.payloadPosition();
        lap = record.halfGeneration();
        Logs.fill(record);
        record.commit();
        writer.switchHalf(2, () -> {});
        Logs.append(writer);
        area.durable(2);
    }

    @Actor
    public void guest() {
        writer.switchHalf(3, () -> {});
        Logs.append(writer);
    }

    @Actor
    public void readers(II_Result result) {
        boolean same = area.copyOut(0, lap, payloadAt, COPY, 0, Logs.PAYLOAD_BYTES);
        boolean whole = COPY.mismatch(Logs.payload(1)) < 0;
        result.r1 = same ? whole ? 1 : -2 : 9;
        result.r2 = Logs.look(area, reader, 1, COPY);
    }
}
