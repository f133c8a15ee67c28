import org.jspecify.annotations.NullMarked;

/// The guest's program: boot, wiring, main.
@NullMarked
@SuppressWarnings("module") // the reader is compiled after this module
module hearth.system {
    requires static org.jspecify;
    requires transitive hearth.nmodule;
    requires transitive hearth.dmodule;

    exports hearth.system.rehearsal to
            hearth.bench;
}
