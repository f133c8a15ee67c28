import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.system {
    requires static org.jspecify;
    requires transitive hearth.nmodule;
    requires transitive hearth.dmodule;
}
