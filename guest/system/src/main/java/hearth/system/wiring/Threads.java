package hearth.system.wiring;

import java.io.IOException;

import hearth.nmodule.net.FatalHandler;

/// The guest's platform threads: those that wait in the kernel or for the file system's clockwork.
public final class Threads {
    private Threads() {}

    /// What a thread does until it is told to stop.
    @FunctionalInterface
    public interface Body {
        void run() throws IOException, InterruptedException;
    }

    /// Starts a daemon thread; whatever escapes from it is fatal.
    public static Thread start(String name, FatalHandler fatal, Body body) {
        return Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                body.run();
            } catch (Throwable escaped) {
                fatal.fatal(name, escaped);
            }
        });
    }
}
