import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.hypervisor {
    requires static org.jspecify;
    requires transitive hearth.memory;

    exports hearth.hypervisor;
}
