import org.jspecify.annotations.NullMarked;

@NullMarked
@SuppressWarnings("module")
module hearth.memory {
    requires static org.jspecify;
    requires transitive hearth.base;

    exports hearth.memory.duplicates to hearth.domain0, hearth.dmodule, hearth.system, hearth.tools, hearth.sim;
    exports hearth.memory.index to hearth.domain0, hearth.dmodule, hearth.system, hearth.tools, hearth.sim;
    exports hearth.memory.journal to hearth.domain0, hearth.tools, hearth.sim;
    exports hearth.memory.log to hearth.domain0, hearth.dmodule, hearth.system, hearth.tools, hearth.sim;
}
