import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.nmodule {
    requires static org.jspecify;

    exports hearth.nmodule.net;
    exports hearth.nmodule.nfs;

    requires transitive hearth.cf;
}
