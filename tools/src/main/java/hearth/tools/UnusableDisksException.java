package hearth.tools;

/// These disks cannot be looked at: one cannot be opened, they are not of one group, or too little of it is here. The
/// message is for the administrator.
final class UnusableDisksException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableDisksException(String message) {
        super(message);
    }
}
