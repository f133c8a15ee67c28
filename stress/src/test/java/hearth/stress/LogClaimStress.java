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

/// The guest claims, fills and commits two records while the flusher tails the log. A record below the committed
/// position is whole: header, body and payload.
@JCStressTest
@Outcome(id = {"0, 0", "1, 0", "1, 2"}, expect = Expect.ACCEPTABLE, desc = "whole, or not there yet")
@Outcome(expect = Expect.FORBIDDEN, desc = "a committed record that does not parse")
@State
public class LogClaimStress {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Logs.PAYLOAD_BYTES]);

    private final LogArea area = Logs.empty(Logs.MEMORY.next());
    private final LogWriter writer = Logs.writer(area);
    private final LogReader reader = new LogReader(area);

    @Actor
    public void guest() {
        Logs.append(writer);
        Logs.append(writer);
    }

    @Actor
    public void flusher(II_Result result) {
        result.r1 = Logs.look(area, reader, 1, COPY);
        result.r2 = result.r1 == 1 ? Logs.look(area, reader, 2, COPY) : 0;
    }
}
