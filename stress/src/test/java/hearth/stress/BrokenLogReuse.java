package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import hearth.memory.log.LogArea;
import hearth.memory.log.LogLayout;
import hearth.memory.log.LogWriter;

/// `LogReuseStress` with a reader that looks at the half's lap before it copies, and not again after.
@JCStressTest
@Outcome(id = {"1", "9"}, expect = Expect.ACCEPTABLE, desc = "there, or gone")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes of another lap")
@State
public class BrokenLogReuse {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Logs.PAYLOAD_BYTES]);

    private final MemorySegment memory = Logs.MEMORY.next();
    private final LogArea area = Logs.empty(memory);
    private final LogWriter writer = Logs.writer(area);
    private final long lap;
    private final long payloadAt;

    /// Record 1 stands in half 0, record 2 in half 1, and a consistency point includes both.
    public BrokenLogReuse() {
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
    public void reader(I_Result result) {
        boolean same = area.halfGeneration(0) == lap;
        Pauses.some();
        MemorySegment.copy(memory, LogLayout.HEADER_BYTES + payloadAt, COPY, 0, Logs.PAYLOAD_BYTES);
        boolean whole = COPY.mismatch(Logs.payload(1)) < 0;
        result.r1 = same ? whole ? 1 : -2 : 9;
    }
}
