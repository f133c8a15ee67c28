package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

import hearth.memory.log.LogReader;

/// The readers' epoch: a half is used again while one reads a payload in it and the flusher walks it. The half's lap,
/// looked at again after the copy, says whether the copy counts.
@JCStressTest
@Outcome(id = {"1, 1", "1, 9", "9, 1", "9, 9"}, expect = Expect.ACCEPTABLE, desc = "there, or gone")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes of another lap")
@State
public class LogReuseStress {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Logs.PAYLOAD_BYTES]);

    private final Logs.BeforeReuse log = Logs.BeforeReuse.of(Logs.MEMORY.next());
    private final LogReader reader = new LogReader(log.area());

    @Actor
    public void guest() {
        log.reuse();
    }

    @Actor
    public void readers(II_Result result) {
        boolean same = log.area().copyOut(0, log.lap(), log.payloadAt(), COPY, 0, Logs.PAYLOAD_BYTES);
        boolean whole = COPY.mismatch(Logs.payload(1)) < 0;
        result.r1 = same ? whole ? 1 : -2 : 9;
        result.r2 = Logs.look(log.area(), reader, 1, COPY);
    }
}
