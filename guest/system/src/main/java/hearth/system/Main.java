package hearth.system;

import hearth.base.Clock;
import hearth.base.posix.PosixException;
import hearth.base.posix.Privileges;
import hearth.base.posix.Processes;
import hearth.memory.channel.Channel;
import hearth.system.serving.GuestProgram;
import hearth.system.wiring.Halt;
import hearth.system.wiring.Warmup;

/// The guest's process. Domain 0 starts it with nothing to read, its log as output, and the channel as descriptor 3.
public final class Main {
    private static final int CHANNEL_FD = 3;

    private Main() {}

    public static void main(String[] args) {
        long startedNs = System.nanoTime();
        Halt halt = new Halt();
        try {
            begin(halt);
            var program = new GuestProgram(new Channel(CHANNEL_FD), Clock.SYSTEM, halt, halt, startedNs);
            halt.accept(program.run());
        } catch (Throwable escaped) {
            halt.fatal("main", escaped);
        }
    }

    /// What a process does before anything else; a rehearsal does it too.
    static void begin(Halt halt) throws PosixException {
        Thread.setDefaultUncaughtExceptionHandler(halt);
        Warmup.start(halt);
        // A guest without its host must not live. Whether the parent is the right one is compared when the order
        // comes, which says who that is.
        Processes.dieWithParent(Processes.parentPid());
        Privileges.closeToOthers();
    }
}
