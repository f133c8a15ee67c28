package hearth.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.node.ObjectNode;

import hearth.base.Units;
import hearth.cf.Caller;
import hearth.cf.CfReply;
import hearth.cf.CfRequest;
import hearth.cf.CfService;
import hearth.cf.FileHandle;
import hearth.cf.Name;
import hearth.cf.SetAttributes;
import hearth.cf.Stability;
import hearth.memory.region.RegionGeometry;
import hearth.system.rehearsal.RehearsalGuest;
import hearth.system.rehearsal.RehearsalHost;

/// A cached read through CF inside a guest: the guest's own code on a real region, in this process, without network.
record CfRow(String id) implements Row {
    private static final RegionGeometry GEOMETRY = new RegionGeometry(
            32L * Units.MIB, 4L * Units.MIB, 64, 4096, 8192, 64, 2L * Units.MIB, 64 * Units.KIB, 4096);
    private static final int FILE_BLOCKS = 2_048;
    private static final int BATCH = 20_000;
    private static final int WARM_UP_BATCHES = 30;
    private static final int BATCHES = 51;
    private static final double GOAL_US = 2;

    @Override
    public String title() {
        return "cached 4 KiB read through CF inside the guest; goal: ≤ 2 µs";
    }

    @Override
    public List<Finding> measure(BenchRun run) throws IOException, InterruptedException {
        var micros = new ArrayList<Double>();
        try (var host = new RehearsalHost(GEOMETRY, new SplittableRandom(1)); Arena arena = Arena.ofShared()) {
            var guest = new RehearsalGuest(host);
            CfService storage = guest.storage();
            MemorySegment room = arena.allocate(Units.BLOCK_SIZE, Units.BLOCK_SIZE);
            FileHandle file = write(storage, room);
            guest.consistencyPoint(1);
            for (int batch = 0; batch < WARM_UP_BATCHES + BATCHES; batch++) {
                double took = batch(storage, file, room, batch);
                if (batch >= WARM_UP_BATCHES) {
                    micros.add(took);
                }
            }
            guest.stop();
        }
        ObjectNode numbers = Finding.newNumbers();
        Spread spread = Spread.of(micros);
        spread.into(numbers, "microseconds");
        return List.of(Finding.of(id, "cached 4 KiB read through CF inside the guest", "≤ 2 µs",
                String.format(Locale.ROOT, "%.2f µs", spread.median()), spread.median() <= GOAL_US, numbers)
                .and("of " + BATCHES + " batches of " + BATCH + " reads: " + spread.text("%.2f") + " µs"));
    }

    private static Caller caller(int xid) {
        return new Caller(new byte[] {127, 0, 0, 1}, xid, xid, 0, 0, new int[0], false);
    }

    private static <R extends CfReply> R expect(Class<R> type, CfReply reply) throws IOException {
        if (!type.isInstance(reply)) {
            throw new IOException("the storage answered " + reply);
        }
        return type.cast(reply);
    }

    private static FileHandle write(CfService storage, MemorySegment block) throws IOException {
        var none = MemorySegment.NULL;
        var exports = expect(CfReply.Exports.class, storage.call(caller(1), new CfRequest.ListExports(), none, none));
        var create = new CfRequest.Create(exports.exports().getFirst().root(), Name.of("data"),
                CfRequest.Create.How.UNCHECKED, SetAttributes.NOTHING, 0);
        var created = expect(CfReply.Created.class, storage.call(caller(2), create, none, none));
        for (int i = 0; i < FILE_BLOCKS; i++) {
            block.fill((byte) i);
            var write = new CfRequest.Write(created.file(), (long) i * Units.BLOCK_SIZE, Units.BLOCK_SIZE,
                    Stability.UNSTABLE);
            expect(CfReply.Written.class, storage.call(caller(3 + i), write, block, none));
        }
        return created.file();
    }

    private static double batch(CfService storage, FileHandle file, MemorySegment room, int seed) throws IOException {
        var random = new SplittableRandom(seed);
        var caller = caller(seed);
        long started = System.nanoTime();
        for (int i = 0; i < BATCH; i++) {
            long offset = (long) random.nextInt(FILE_BLOCKS) * Units.BLOCK_SIZE;
            CfReply reply = storage.call(
                    caller, new CfRequest.Read(file, offset, Units.BLOCK_SIZE), MemorySegment.NULL, room);
            if (!(reply instanceof CfReply.Data data) || data.countBytes() != Units.BLOCK_SIZE
                    || room.get(ValueLayout.JAVA_BYTE, 0) != (byte) (offset / Units.BLOCK_SIZE)) {
                throw new IOException("the storage answered " + reply);
            }
        }
        return (System.nanoTime() - started) / 1e3 / BATCH;
    }
}
