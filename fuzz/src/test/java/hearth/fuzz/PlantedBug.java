package hearth.fuzz;

/// Thrown by the bug of a target's twin.
final class PlantedBug extends Error {
    private static final long serialVersionUID = 1L;

    PlantedBug(String what) {
        super(what);
    }
}
