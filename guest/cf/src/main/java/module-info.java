import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.cf {
    requires static org.jspecify;

    exports hearth.cf;

    requires transitive hearth.base;
}
