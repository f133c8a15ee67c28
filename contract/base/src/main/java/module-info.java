import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.base {
    requires static org.jspecify;

    exports hearth.base;
    exports hearth.base.posix;
}
