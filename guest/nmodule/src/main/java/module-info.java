import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.nmodule {
    requires static org.jspecify;
    requires transitive hearth.cf;
    requires transitive hearth.checkpoint;
    requires transitive hearth.memory;
}
