package hearth.dmodule.disk;

/// Memory lent for one transfer; `close` gives it back, after the transfer has ended.
public interface Staging extends AutoCloseable {
    DiskMemory memory();

    @Override
    void close();
}
