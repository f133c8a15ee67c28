import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.memory {
    requires static org.jspecify;
    requires transitive hearth.base;

    exports hearth.memory.journal;
}
