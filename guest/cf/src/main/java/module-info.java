import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.cf {
    requires static org.jspecify;
    requires transitive hearth.base;
}
