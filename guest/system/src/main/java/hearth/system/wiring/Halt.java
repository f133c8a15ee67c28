package hearth.system.wiring;

import java.util.function.IntConsumer;

import hearth.memory.channel.GuestExit;
import hearth.nmodule.net.FatalHandler;

/// Ends the process at an Error or escaped exception: one line and the stack on stderr, which is the guest's log, then
/// nothing more runs. What survives is the region; a half-dead guest could only spoil it.
public final class Halt implements FatalHandler, Thread.UncaughtExceptionHandler, IntConsumer {
    @Override
    public void fatal(String where, Throwable thrown) {
        try {
            System.err.println("guest halts: " + where + ": " + thrown);
            thrown.printStackTrace();
            System.err.flush();
        } finally {
            // Also when there is no memory left to say why.
            Runtime.getRuntime().halt(GuestExit.ESCAPED);
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        fatal(thread.getName(), thrown);
    }

    /// Ends the process with one of `GuestExit`'s codes, without another word.
    @Override
    public void accept(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }
}
