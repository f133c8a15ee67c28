package hearth.system;

import hearth.base.Clock;
import hearth.base.posix.Processes;
import hearth.memory.channel.Channel;
import hearth.system.serving.GuestProgram;
import hearth.system.wiring.Halt;

/// The guest's process. Domain 0 starts it with nothing to read, its log as output, and the channel as descriptor 3.
public final class Main {
    private static final int CHANNEL_FD = 3;

    private Main() {}

    public static void main(String[] args) {
        long startedNs = System.nanoTime();
        Halt halt = new Halt();
        halt.becomeDefault();
        try {
            // Before anything else: a guest without its host must not live. Whether the parent is the right one is
            // compared when the order comes, which says who that is.
            Processes.dieWithParent(Processes.parentPid());
            Runtime runtime = Runtime.getRuntime();
            var program = new GuestProgram(new Channel(CHANNEL_FD), Clock.SYSTEM, halt, runtime::halt, startedNs);
            runtime.halt(program.run());
        } catch (Throwable escaped) {
            halt.fatal("main", escaped);
        }
    }
}
