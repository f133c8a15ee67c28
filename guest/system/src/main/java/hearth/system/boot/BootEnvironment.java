package hearth.system.boot;

import java.util.random.RandomGenerator;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.dmodule.nvlog.FlushedRecords;
import hearth.memory.channel.BootConfig;
import hearth.memory.channel.ChannelMessage.Assign;
import hearth.memory.region.Region;
import hearth.nmodule.net.FatalHandler;

/// What a boot is given.
///
/// @param region attached and checked
/// @param assign domain 0's order
/// @param config the order's lines
/// @param events thread-safe
/// @param fatal for what escapes from threads
/// @param random for ids of label generations
/// @param journal gives back flushed records that are damaged in the region
/// @param firstReply runs once, on any thread, when the first protocol reply has left
public record BootEnvironment(
        Region region,
        Assign assign,
        BootConfig config,
        Clock clock,
        Event.Sink events,
        FatalHandler fatal,
        RandomGenerator random,
        FlushedRecords journal,
        Runnable firstReply) {
    void event(String name, Object... keysAndValues) {
        events.accept(Event.of(clock, name, keysAndValues));
    }
}
