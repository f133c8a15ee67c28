import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.checkpoint {
    requires static org.jspecify;
    requires transitive hearth.memory;

    exports hearth.checkpoint;
}
