import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.cli {
    requires static org.jspecify;
}
