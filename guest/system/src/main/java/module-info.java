import org.jspecify.annotations.NullMarked;

/// The guest's program: boot, wiring, main.
@NullMarked
module hearth.system {
    requires static org.jspecify;
    requires transitive hearth.nmodule;
    requires transitive hearth.dmodule;
}
