package hearth.checkpoint;

import java.io.IOException;

/// A section was whole and fresh, but its component cannot make anything of it.
public final class RestoreException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Section section;

    public RestoreException(Section section, String why) {
        super("section " + section + ": " + why);
        this.section = section;
    }

    public Section section() {
        return section;
    }
}
