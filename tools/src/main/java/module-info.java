import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.tools {
    requires static org.jspecify;
    requires hearth.dmodule;
    requires jdk.unsupported;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;

    opens hearth.tools to
            info.picocli;
}
