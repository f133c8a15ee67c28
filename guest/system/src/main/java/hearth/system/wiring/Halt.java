package hearth.system.wiring;

import hearth.memory.channel.GuestExit;
import hearth.nmodule.net.FatalHandler;

/// Ends the process at an Error or escaped exception: one line and the stack on stderr, which is the guest's log, then
/// nothing more runs. What survives is the region; a half-dead guest could only spoil it.
public final class Halt implements FatalHandler {
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

    /// Every thread that nobody else looks after.
    public void becomeDefault() {
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> fatal(thread.getName(), thrown));
    }
}
