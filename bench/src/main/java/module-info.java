import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.bench {
    requires static org.jspecify;
    requires hearth.system;
    requires java.net.http;
    requires jdk.unsupported;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;

    opens hearth.bench to info.picocli;
}
