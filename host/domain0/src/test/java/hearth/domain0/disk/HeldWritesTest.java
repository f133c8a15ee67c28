package hearth.domain0.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.base.Units;
import hearth.memory.label.DiskId;
import hearth.memory.region.Region;
import hearth.memory.ring.DiskOp;
import hearth.memory.ring.DiskStatus;
import hearth.memory.ring.IoSection;
import hearth.memory.ring.RingFront;
import hearth.memory.ring.Submission;
import hearth.memory.ring.TransferFile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/// Goal: a write of a dead incarnation that is still in flight never lands on a block that a successor wrote, while the
/// successor's reads are served.
/// Method: a disk that holds writes back by seed; incarnation after incarnation writes the same few blocks and dies
/// with writes in flight; what each successor has written is read back when nothing is in flight any more.
class HeldWritesTest {
    private static final int INCARNATIONS = Boolean.getBoolean("hearth.full") ? 3_000 : 150;
    private static final int BLOCKS = 8;
    private static final int SLOT_SETS = 16;
    private static final int QUIET_BLOCK = 100;
    private static final int HELD_MS = 8;
    private static final long DEATH_NS_MAX = TimeUnit.MILLISECONDS.toNanos(6);

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("hearth.seed", 1);
    private final Random random = new Random(seed);
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private Region region;
    private Disk plain;
    private DeviceTable devices;
    private DiskBackEnd backEnd;

    @BeforeEach
    void open() throws IOException {
        System.out.println("seed of the held writes: " + seed);
        region = TestRegions.make("a");
        plain = FileDisk.create(folder.resolve("disk"), 4L * Units.MIB);
        devices = new DeviceTable(region.control());
        devices.attach(0, new DiskId(1, 2), new HeldDisk(plain, HELD_MS, seed));
        backEnd = new DiskBackEnd(region, devices, 8, new DiskBackEnd.Listener() {
            @Override
            public void labelDurable(int slot, byte[] block) {
                throw new AssertionError("nobody writes labels");
            }

            @Override
            public void ringNonsense() {
                throw new AssertionError("the ring makes no sense");
            }
        }, Clock.SYSTEM, events::add);
    }

    @AfterEach
    void close() {
        backEnd.close();
        devices.close();
        region.close();
    }

    @Test
    void theyNeverLandOnABlockThatASuccessorWrote() throws IOException {
        int gated = 0;
        int readsMeanwhile = 0;
        long epoch = region.control().epoch();
        for (int incarnation = 1; incarnation <= INCARNATIONS; incarnation++) {
            backEnd.open(epoch);
            var guest = new Guest(incarnation);
            guest.submit(DiskOp.READ, QUIET_BLOCK, BLOCKS);
            guest.await(1);
            readsMeanwhile += region.control().writeGate() > 0 ? 1 : 0;
            guest.writeAll();
            boolean finishes = random.nextInt(3) != 0;
            if (finishes) {
                guest.await(BLOCKS);
                await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                        .until(() -> backEnd.outstanding() == 0);
                for (int block = 0; block < BLOCKS; block++) {
                    assertThat(contents(block)).as("block %d after incarnation %d", block, incarnation)
                            .containsExactly((long) incarnation);
                }
                // And it begins anew, to die on the way.
                guest.writeAll();
            }
            LockSupport.parkNanos(random.nextLong(DEATH_NS_MAX));
            DiskBackEnd.Fenced fenced = backEnd.fence();
            gated += fenced.writesInFlight() > 0 ? 1 : 0;
            epoch = fenced.epoch();
        }
        System.out.println(gated + " of " + INCARNATIONS + " deaths with writes in flight, " + readsMeanwhile
                + " reads were answered while the gate was closed");
        assertThat(gated).isGreaterThan(INCARNATIONS / 2);
        assertThat(readsMeanwhile).isGreaterThan(INCARNATIONS / 4);
    }

    /// The words of a block as the file has them.
    private Set<Long> contents(int block) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Units.BLOCK_SIZE, Long.BYTES);
            plain.readAt(bytes, (long) block * Units.BLOCK_SIZE);
            Set<Long> words = new HashSet<>();
            for (long at = 0; at < Units.BLOCK_SIZE; at += Long.BYTES) {
                words.add(bytes.get(ValueLayout.JAVA_LONG, at));
            }
            return words;
        }
    }

    /// One incarnation's side of the rings, with staging slots of its own: what a dead one's write takes from its slot
    /// is the dead one's.
    private final class Guest {
        private final RingFront ring = region.ringFront();
        private final long epoch = region.control().epoch();
        private final long stamp;
        private final int firstSlot;
        private long tag;
        private int ended;

        Guest(long stamp) {
            this.stamp = stamp;
            firstSlot = (int) (stamp % SLOT_SETS) * (BLOCKS + 1);
        }

        void submit(DiskOp op, long dbn, int slot) {
            var entry = new Submission();
            entry.op = op.code();
            entry.dbn = dbn;
            entry.blocks = 1;
            entry.file = TransferFile.RINGS.ordinal();
            entry.memoryOffset = ring.stagingOffset(firstSlot + slot);
            entry.epoch = epoch;
            entry.section = IoSection.NORMAL.ordinal();
            entry.tag = ++tag;
            assertThat(ring.submit(entry)).isTrue();
            ring.ring();
        }

        /// All blocks in an order by chance.
        void writeAll() {
            List<Integer> order = new ArrayList<>();
            for (int block = 0; block < BLOCKS; block++) {
                order.add(block);
                MemorySegment staging = ring.staging(firstSlot + block, 1);
                for (long at = 0; at < Units.BLOCK_SIZE; at += Long.BYTES) {
                    staging.set(ValueLayout.JAVA_LONG, at, stamp);
                }
            }
            Collections.shuffle(order, random);
            order.forEach(block -> submit(DiskOp.WRITE, block, block));
        }

        /// Waits for so many more answers.
        void await(int answers) {
            int wanted = ended + answers;
            while (ended < wanted) {
                int seen = ring.completionBell().sequence();
                int taken = ring.takeCompletions(
                        (_, _, status, _, _) -> assertThat(status).isEqualTo(DiskStatus.OK));
                ended += taken;
                if (taken == 0) {
                    ring.completionBell().await(seen, TimeUnit.SECONDS.toNanos(1));
                }
            }
        }
    }
}
