package hearth.nmodule.net;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import hearth.base.Check;
import hearth.base.Units;
import hearth.base.posix.PosixException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Goal: pieces never overlap, the bound holds, what goes back is used again, and no connection can take everything.
/// Method: the pool alone with real memory.
class BufferPoolTest {
    @Test
    void piecesNeverOverlapAndTheBoundHolds() throws PosixException {
        long seed = Long.getLong("hearth.seed", new Random().nextLong());
        System.out.println("BufferPoolTest seed " + seed + " (-Dhearth.seed=…)");
        var random = new Random(seed);
        long bound = 20L * Units.MIB;
        var pool = new BufferPool(bound);
        List<BufferPool.Piece> pieces = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            if (random.nextInt(5) < 3) {
                Optional<BufferPool.Piece> piece =
                        pool.take(1 + random.nextInt(random.nextInt(4) == 0 ? 1_200_000 : 40_000));
                refused += piece.isEmpty() ? 1 : 0;
                for (var other : pieces) {
                    piece.ifPresent(p -> assertThat(p.memory().asOverlappingSlice(other.memory())).isEmpty());
                }
                piece.ifPresent(pieces::add);
            } else if (!pieces.isEmpty()) {
                pieces.remove(random.nextInt(pieces.size())).giveBack();
            }
            long taken = pieces.stream().mapToLong(p -> p.memory().byteSize()).sum();
            assertThat(bound - pool.freeBytes()).isEqualTo(taken).isLessThanOrEqualTo(bound);
        }
        assertThat(refused).as("the bound was met").isPositive();
        pieces.forEach(BufferPool.Piece::giveBack);
        assertThat(pool.freeBytes()).isEqualTo(bound);
    }

    @Test
    void aPieceGivenBackTwiceIsABug() throws PosixException {
        var pool = new BufferPool(2L * Units.MIB);
        var piece = pool.take(100).orElseThrow();
        piece.giveBack();
        assertThatThrownBy(piece::giveBack).isInstanceOf(Check.Failed.class);
    }

    @Test
    void aLightlyUsedPoolKeepsUsingTheSamePages() throws PosixException {
        var pool = new BufferPool(16L * Units.MIB);
        var first = pool.take(5_000).orElseThrow();
        long address = first.memory().address();
        first.giveBack();
        assertThat(pool.take(8_000).orElseThrow().memory().address()).isEqualTo(address);
    }

    @Test
    void oneConnectionStopsAtItsBoundAndGoesOnAfterARelease() throws PosixException {
        var releases = new AtomicInteger();
        var pool = new BufferPool(64L * Units.MIB);
        var buffer = new PrivateStreamBuffer(pool, 3L * Units.MIB, 0, 0, releases::incrementAndGet);
        var a = buffer.lease(Units.MIB).orElseThrow();
        assertThat(buffer.lease(2 * Units.MIB)).isPresent();
        assertThat(buffer.lease(1)).isEmpty();
        assertThat(buffer.exceedsOwnBound(1)).isTrue();
        a.release();
        assertThat(releases).hasValue(1);
        assertThat(buffer.leasedBytes()).isEqualTo(2L * Units.MIB);
        assertThat(buffer.lease(Units.MIB)).isPresent();
    }

    @Test
    void manyConnectionsThatHoldEverythingTheyCanLeaveRoomForANewcomer() throws PosixException {
        var pool = new BufferPool(64L * Units.MIB);
        long kept = 16L * Units.MIB;
        for (int i = 0; i < 30; i++) {
            var greedy = new PrivateStreamBuffer(pool, 8L * Units.MIB, 0, kept, () -> {});
            while (greedy.lease(64 * Units.KIB).isPresent()) {
                assertThat(greedy.leasedBytes()).isLessThanOrEqualTo(8L * Units.MIB);
            }
        }
        for (int i = 0; i < 10; i++) {
            var newcomer = new PrivateStreamBuffer(pool, 8L * Units.MIB, 0, kept, () -> {});
            assertThat(newcomer.lease(Units.MIB)).isPresent();
        }
    }

    @Test
    void beginningsOfRecordsLeaveRoomToReceiveOneToItsEnd() throws PosixException {
        var pool = new BufferPool(64L * Units.MIB);
        List<PrivateStreamBuffer> begun = new ArrayList<>();
        boolean more = true;
        while (more) {
            var buffer = new PrivateStreamBuffer(pool, 8L * Units.MIB, 3L * Units.MIB, 0, () -> {});
            more = buffer.lease(32 * Units.KIB).isPresent();
            begun.add(buffer);
        }
        assertThat(begun.size()).isGreaterThan(1_000);
        assertThat(begun.getFirst().lease(Units.MIB + 64 * Units.KIB)).isPresent();
    }

    @Test
    void aShrunkLeaseKeepsItsBytesAndMovesOutOfTheWay() throws PosixException {
        var pool = new BufferPool(8L * Units.MIB);
        var buffer = new PrivateStreamBuffer(pool, 8L * Units.MIB, 0, 0, () -> {});
        var lease = buffer.lease(Units.MIB).orElseThrow();
        long high = lease.memory().address();
        lease.memory().set(ValueLayout.JAVA_INT, 12, 77);
        lease.shrink(32 * Units.KIB);
        assertThat(lease.memory().byteSize()).isEqualTo(32 * Units.KIB);
        assertThat(lease.memory().get(ValueLayout.JAVA_INT, 12)).isEqualTo(77);
        assertThat(lease.memory().address()).isLessThan(high);
        assertThat(buffer.leasedBytes()).isEqualTo(32 * Units.KIB);
        assertThat(pool.takenBytes()).isEqualTo(32 * Units.KIB);
        assertThat(pool.take(7 * Units.MIB)).as("one run").isPresent();
        lease.release();
        assertThat(buffer.leasedBytes()).isZero();
    }

    @Test
    void aLeaseGoesBackWithItsLastHolder() throws PosixException {
        var pool = new BufferPool(2L * Units.MIB);
        var buffer = new PrivateStreamBuffer(pool, Units.MIB, 0, 0, () -> {});
        var lease = buffer.lease(1).orElseThrow();
        lease.retain();
        lease.release();
        assertThat(buffer.leasedBytes()).isEqualTo(BufferPool.UNIT_SIZE);
        lease.release();
        assertThat(buffer.leasedBytes()).isZero();
        assertThatThrownBy(lease::release).isInstanceOf(Check.Failed.class);
    }
}
