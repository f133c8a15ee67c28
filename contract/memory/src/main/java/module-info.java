import org.jspecify.annotations.NullMarked;

/// The region's byte layouts and the protocols on them: everything host and guest share. Packages that hand out raw
/// memory are exported to the modules that copy from it, and to no one else.
@NullMarked
@SuppressWarnings("module") // the readers are compiled after this module
module hearth.memory {
    requires static org.jspecify;
    requires transitive hearth.base;

    exports hearth.memory.duplicates to hearth.domain0, hearth.dmodule, hearth.system;
    exports hearth.memory.index to hearth.domain0, hearth.dmodule, hearth.system;
    exports hearth.memory.journal to hearth.domain0, hearth.tools;
    exports hearth.memory.log to hearth.domain0, hearth.dmodule, hearth.system;
    exports hearth.memory.bell;
    exports hearth.memory.death;
    exports hearth.memory.label;
    exports hearth.memory.channel;
    exports hearth.memory.region to
            hearth.checkpoint, hearth.dmodule, hearth.system, hearth.hypervisor, hearth.domain0, hearth.bench;
    exports hearth.memory.ring to
            hearth.dmodule, hearth.system, hearth.domain0, hearth.bench;
    exports hearth.memory.cache to
            hearth.dmodule, hearth.system, hearth.domain0, hearth.bench;
}
