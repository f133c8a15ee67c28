import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.domain0 {
    requires static org.jspecify;
    requires transitive hearth.hypervisor;
    requires transitive hearth.memory;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires jdk.httpserver;
    requires jdk.unsupported;
    requires org.snakeyaml.engine;

    opens hearth.domain0 to
            com.fasterxml.jackson.databind,
            info.picocli;
    opens hearth.domain0.config to
            com.fasterxml.jackson.databind;
}
