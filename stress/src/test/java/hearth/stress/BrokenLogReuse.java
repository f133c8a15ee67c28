package hearth.stress;

import java.lang.foreign.MemorySegment;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

import hearth.memory.log.LogLayout;

/// `LogReuseStress` with a reader that looks at the half's lap before it copies, and not again after.
@JCStressTest
@Outcome(id = {"1", "9"}, expect = Expect.ACCEPTABLE, desc = "there, or gone")
@Outcome(expect = Expect.FORBIDDEN, desc = "bytes of another lap")
@State
public class BrokenLogReuse {
    private static final MemorySegment COPY = MemorySegment.ofArray(new byte[Logs.PAYLOAD_BYTES]);

    private final MemorySegment memory = Logs.MEMORY.next();
    private final Logs.BeforeReuse log = Logs.BeforeReuse.of(memory);

    @Actor
    public void guest() {
        log.reuse();
    }

    @Actor
    public void reader(I_Result result) {
        boolean same = log.area().halfGeneration(0) == log.lap();
        Pauses.some();
        MemorySegment.copy(memory, LogLayout.HEADER_BYTES + log.payloadAt(), COPY, 0, Logs.PAYLOAD_BYTES);
        boolean whole = COPY.mismatch(Logs.payload(1)) < 0;
        result.r1 = same ? whole ? 1 : -2 : 9;
    }
}
