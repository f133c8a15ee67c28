package hearth.acceptance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Goal: `verify` finds nothing on the disks of a controller that works or was stopped, and everything that is damaged
/// on either disk of a mirror.
/// Method: a churn by a client that is not ours while it checks; then bits are turned in the disk files.
class VerifyTest {
    private static final int BLOCK = 4096;
    private static final int CHURN_SECONDS = 6;
    private static final long DATA_START = 256L * BLOCK;

    private final long seed = Long.getLong("hearth.seed", 1);

    @BeforeEach
    void clientIsThere() {
        assumeTrue(NfsTree.missing().isEmpty(), () -> NfsTree.missing().orElse(""));
    }

    @Test
    void nothingIsWrongOnTheDisksOfAControllerThatWritesOrWasStopped() throws Exception {
        try (var host = small("verify")) {
            Path log = Host.scratch().resolve("verify-churn.log");
            Process churn = NfsTree.start(log, "churn", host.url(), "/churn",
                    Long.toString(seed & 0xffffff), Integer.toString(CHURN_SECONDS));
            NfsTree.awaitBegun(churn, log);
            var generations = new ArrayList<Long>();
            while (churn.isAlive()) {
                JsonNode found = Host.parse(host.verify("-o", "json").expect(0).out());
                generations.add(found.path("generation").asLong());
                assertThat(found.path("problemCount").asInt(-1)).isZero();
            }
            assertThat(churn.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(generations.getLast()).as("it wrote meanwhile").isGreaterThan(generations.getFirst());
            host.down();
            assertThat(host.verify().expect(0).out()).contains("nothing wrong").contains("on 2 of 2 disks");
            assertThat(Command.run(60, Host.launcher().toString(), "verify", host.disks().getFirst().toString())
                    .expect(0).out()).contains("is missing").contains("on 1 of 2 disks");
        }
    }

    @Test
    void whatIsDamagedOnEitherDiskIsFoundAndNamed() throws Exception {
        System.out.println("seed of the damage: " + seed);
        var mark = new byte[512];
        new Random(seed).nextBytes(mark);
        try (var host = small("damage")) {
            Path file = Files.write(Host.scratch().resolve("mark"), mark);
            Command.done(60, "nfs-cp", file.toString(), host.url("/marked-by-name"));
            Files.delete(file);
            host.down();
            Path first = host.disks().getFirst();
            Path second = host.disks().getLast();
            var changed = List.of(Files.getLastModifiedTime(first), Files.getLastModifiedTime(second));
            host.verify().expect(0);
            shown(host, mark);
            found(host, holding(mark, second), "disk " + second + " block", "volume 1 inode");
            found(host, holding(mark, first, second), "disk " + first + " block", "disk " + second + " block");
            byte[] name = "marked-by-name".getBytes(StandardCharsets.US_ASCII);
            found(host, holding(name, first), "disk " + first + " block", "metadata");
            found(host, holding(name, first, second), "directory", "inode");
            found(host, List.of(new Place(second, Files.size(second) - BLOCK)), "disk " + second + ": back label");
            Place front = new Place(first, 0);
            Place back = new Place(first, Files.size(first) - BLOCK);
            found(host, List.of(front), "disk " + first + ": front label");
            found(host, List.of(front, back), "disk " + first + ": both labels", "on 1 of 2 disks");
            long root = newestRoot(host, first);
            found(host, List.of(new Place(second, root)), "disk " + second + " block " + root / BLOCK + ": root");
            found(host, List.of(new Place(first, root), new Place(second, root)),
                    "disk " + first + " block " + root / BLOCK + ": root");
            assertThat(List.of(Files.getLastModifiedTime(first), Files.getLastModifiedTime(second)))
                    .as("what only the damage has changed").isEqualTo(changed);
            host.verify().expect(0);
            everyBlock(host, second);
        }
    }

    private static long newestRoot(Host host, Path disk) throws IOException {
        JsonNode roots = dump(host, "fsinfo").path(disk.toString());
        long even = roots.path("block 136").path("generation").asLong();
        long odd = roots.path("block 137").path("generation").asLong();
        return (even > odd ? 136L : 137L) * BLOCK;
    }

    /// A place on a disk, to damage a bit of the block that it is in.
    private record Place(Path disk, long at) {
        void turn(long seed) throws IOException {
            var random = new Random(seed);
            try (var channel = FileChannel.open(disk, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long offset = at / BLOCK * BLOCK + random.nextInt(BLOCK - Long.BYTES);
                var one = ByteBuffer.allocate(1);
                channel.read(one, offset);
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(Byte.SIZE)));
                var changed = Files.getLastModifiedTime(disk);
                channel.write(one.flip(), offset);
                Files.setLastModifiedTime(disk, changed);
            }
        }
    }

    /// `dump` names the place where the bytes of the file stand, on either disk.
    private static void shown(Host host, byte[] mark) throws IOException {
        JsonNode names = dump(host, "directory", "/").path("entries");
        assertThat(names.findValuesAsText("name")).containsExactly("marked-by-name");
        JsonNode inode = dump(host, "inode", "/marked-by-name");
        assertThat(inode.path("inode").asLong()).isEqualTo(names.path(0).path("inode").asLong());
        assertThat(inode.path("sizeBytes").asInt()).isEqualTo(mark.length);
        long at = inode.path("blocks").path(0).path("dbn").asLong() * BLOCK;
        for (Path disk : host.disks()) {
            try (var in = Files.newInputStream(disk)) {
                in.skipNBytes(at);
                assertThat(in.readNBytes(mark.length)).isEqualTo(mark);
            }
            JsonNode roots = dump(host, "fsinfo").path(disk.toString());
            assertThat(roots.findValues("generation").stream().mapToLong(JsonNode::asLong).max())
                    .hasValue(dump(host, "volumes").path("generation").asLong());
            assertThat(dump(host, "label").path(disk.toString()).findValuesAsText("raidType"))
                    .containsExactly("mirror", "mirror");
        }
        assertThat(dump(host, "map").path("runs").findValues("blocks").stream().mapToLong(JsonNode::asLong).sum())
                .isEqualTo(dump(host, "fsinfo").findValue("totalBlocks").asLong());
    }

    private static JsonNode dump(Host host, String... what) {
        var line = Command.join(List.of(Host.launcher().toString(), "dump"), what);
        line.addAll(List.of("-o", "json"));
        host.disks().forEach(disk -> line.add(disk.toString()));
        return Host.parse(Command.run(60, line).expect(0).out());
    }

    /// Damages, looks, puts right again.
    private void found(Host host, List<Place> places, String... texts) throws IOException {
        for (Place place : places) {
            place.turn(seed);
        }
        assertThat(host.verify().expect(1).out()).contains(texts).contains("problems:");
        for (Place place : places) {
            place.turn(seed);
        }
    }

    /// Every block is damaged on one disk: each that the root reaches counts once, and the walk goes on by the other
    /// disk.
    private void everyBlock(Host host, Path disk) throws IOException {
        long reached = Host.parse(host.verify("-o", "json").expect(0).out()).path("blocks").asLong();
        for (long at = DATA_START; at < Files.size(disk) - BLOCK; at += BLOCK) {
            new Place(disk, at).turn(seed + at);
        }
        JsonNode found = Host.parse(host.verify("-o", "json").expect(1).out());
        assertThat(found.path("blocks").asLong()).isEqualTo(reached);
        assertThat(found.path("problemCount").asLong()).isEqualTo(reached);
        assertThat(found.path("problems")).allSatisfy(one ->
                assertThat(one.asText()).startsWith("disk " + disk + " block").contains("wrong checksum"));
    }

    /// The blocks of data that hold these bytes: also those of earlier consistency points, which nobody reaches.
    private static List<Place> holding(byte[] wanted, Path... disks) throws IOException {
        var places = new ArrayList<Place>();
        for (Path disk : disks) {
            try (var in = Files.newInputStream(disk)) {
                in.skipNBytes(DATA_START);
                byte[] block = in.readNBytes(BLOCK);
                for (long at = DATA_START; block.length == BLOCK; at += BLOCK) {
                    if (holds(block, wanted)) {
                        places.add(new Place(disk, at));
                    }
                    block = in.readNBytes(BLOCK);
                }
            }
        }
        assertThat(places).hasSizeGreaterThanOrEqualTo(disks.length);
        return places;
    }

    private static boolean holds(byte[] block, byte[] wanted) {
        for (int i = 0; i + wanted.length <= block.length; i++) {
            if (block[i] == wanted[0] && Arrays.equals(block, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    /// A host with small disks: they are read from end to end, again and again.
    private static Host small(String name) throws IOException {
        Path folder = Files.createTempDirectory(Host.scratch(), name + "-");
        Path config = Files.writeString(folder.resolve("host.yaml"), """
                controllers:
                  - name: a
                    disks: [{size: 128MiB}, {size: 128MiB}]
                    memory: {cache: 32MiB, log: 8MiB}
                """);
        return Host.upOn(folder.resolve("data"), config.toString());
    }
}
