import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.domain0 {
    requires static org.jspecify;
    requires transitive hearth.hypervisor;
    requires transitive hearth.memory;
}
