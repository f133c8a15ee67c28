package hearth.fuzz;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// All targets by name.
final class Targets {
    private static final Map<String, Supplier<Target>> ALL = Map.ofEntries(
            Map.entry("rpc", RpcTarget::new),
            Map.entry("nfs", NfsTarget::new),
            Map.entry("cf", CfTarget::new),
            Map.entry("ring", RingTarget::new),
            Map.entry("channel", ChannelTarget::new),
            Map.entry("label", LabelTarget::new),
            Map.entry("checkpoint", CheckpointTarget::new),
            Map.entry("log", LogTarget::new),
            Map.entry("effect", EffectTarget::new),
            Map.entry("journal", JournalTarget::new),
            Map.entry("portmap", PortmapTarget::new),
            Map.entry("yaml", YamlTarget::new));

    private Targets() {}

    /// In the order of the alphabet; only one when the property `hearth.fuzz.target` names it.
    static List<String> names() {
        String only = System.getProperty("hearth.fuzz.target", "");
        return ALL.keySet().stream().filter(name -> only.isEmpty() || name.equals(only)).sorted().toList();
    }

    static Target make(String name) {
        Supplier<Target> maker = ALL.get(name);
        if (maker == null) {
            throw new IllegalArgumentException("no target " + name + "; there are: " + ALL.keySet());
        }
        return maker.get();
    }
}
