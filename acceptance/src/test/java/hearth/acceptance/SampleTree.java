package hearth.acceptance;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// A real tree to copy: the JDK's own files and sources, /usr/include and /usr/share, at least 3 000 files and 200 MB.
/// Links to the originals' directories would leave the tree, so it is a copy, made once below `target/`.
final class SampleTree {
    static final int FILES_MIN = 3_000;
    static final long BYTES_MIN = 200_000_000L;
    private static final long BYTES_MAX = 260_000_000L;

    private SampleTree() {}

    static synchronized Path tree() throws IOException {
        Path tree = Host.projectFolder().resolve("acceptance/target/sample-tree");
        Path complete = tree.resolveSibling("sample-tree.complete");
        if (Files.exists(complete)) {
            return tree;
        }
        Host.deleteTree(tree);
        Files.createDirectories(tree);
        var copier = new Copier(tree);
        Path jdk = Path.of(System.getProperty("java.home"));
        for (Path source : List.of(jdk, Path.of("/usr/include"), Path.of("/usr/share"))) {
            if (Files.exists(source)) {
                copier.copy(source);
            }
        }
        if (copier.files < FILES_MIN || copier.bytes < BYTES_MIN) {
            throw new AssertionError("only " + copier.files + " files, " + copier.bytes + " bytes to copy here");
        }
        Files.createFile(complete);
        return tree;
    }

    /// Copies files until there are enough bytes; after that only small ones, until there are enough files.
    private static final class Copier extends SimpleFileVisitor<Path> {
        private final Path target;
        private Path source = Path.of("/");
        private int files;
        private long bytes;

        Copier(Path target) {
            this.target = target;
        }

        void copy(Path from) throws IOException {
            source = from;
            Files.walkFileTree(from, this);
        }

        private Path place(Path path) {
            Path folder = target.resolve(source.getFileName().toString());
            Path relative = source.relativize(path);
            return relative.toString().isEmpty() ? folder : folder.resolve(relative);
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (files >= FILES_MIN + 500 && bytes >= BYTES_MIN) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(place(directory));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (!Files.isReadable(file) && !attributes.isSymbolicLink()) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.isSymbolicLink()) {
                Files.createSymbolicLink(place(file), Files.readSymbolicLink(file));
                files++;
            } else if (attributes.isRegularFile() && bytes + attributes.size() <= BYTES_MAX) {
                Files.copy(file, place(file), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                files++;
                bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
