import org.jspecify.annotations.NullMarked;

@NullMarked
module hearth.cli {
    requires static org.jspecify;
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires java.net.http;

    opens hearth.cli to info.picocli;
}
