package hearth.domain0.journal;

import java.nio.file.Path;
import java.util.List;

import hearth.base.Check;
import hearth.base.Units;
import hearth.domain0.disk.DiskFiles;

/// Which journal is wanted.
///
/// @param domain whose it is
/// @param aggregateId whose log it holds
/// @param files 1 to n paths of equal content
/// @param sizeBytes of a file that is made; an existing one keeps its size
/// @param incarnationFloor incarnation numbers up to this one may have been used, whatever the files say
/// @param opener opens and makes them
public record JournalSpec(
        String domain, long aggregateId, List<Path> files, long sizeBytes, long incarnationFloor, DiskFiles opener) {

    /// A circle that takes the longest record and some small entries.
    public static final long SIZE_BYTES_MIN = 8L * Units.MIB;

    public JournalSpec {
        files = List.copyOf(files);
        Check.that(!files.isEmpty(), "a journal without files");
        Check.that(sizeBytes >= SIZE_BYTES_MIN && sizeBytes % Units.BLOCK_SIZE == 0, "journal size", sizeBytes);
    }

    /// The least size for a log whose halves have this many bytes: twice the log.
    public static long sizeBytesFor(long logHalfBytes) {
        return Math.max(SIZE_BYTES_MIN, Units.roundUp(4 * logHalfBytes, Units.BLOCK_SIZE));
    }
}
