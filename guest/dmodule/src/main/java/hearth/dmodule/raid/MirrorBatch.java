package hearth.dmodule.raid;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import hearth.base.Units;
import hearth.dmodule.disk.DiskException;
import hearth.dmodule.disk.DiskFrontEnd;
import hearth.dmodule.disk.DiskMemory;
import hearth.dmodule.disk.DiskRequest;
import hearth.dmodule.disk.Staging;
import hearth.dmodule.disk.Transfer;
import hearth.memory.death.DeathPoint;
import hearth.memory.death.StoreGroup;

/// A batch of a mirror. Blocks gather in a run of staging slots until a block is no neighbour or the run is full; then
/// the run goes to all members at once.
///
/// It waits for memory only while it holds none itself, so batches cannot wait for each other in a circle.
final class MirrorBatch implements WriteBatch {
    private static final int RUN_BLOCKS = DiskRequest.BLOCKS_MAX;

    private final Mirror mirror;
    private final DiskFrontEnd front;
    private final MirrorGroup group;
    private final MirrorRepair repair;
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private final Map<Member, String> failed = new LinkedHashMap<>();
    private Optional<Staging> run = Optional.empty();
    private int runCapacity;
    private long runVbn;
    private int runBlocks;
    private long writingStamp;

    /// One run under way to all members.
    private record Sent(List<Member> members, List<Transfer> transfers, Optional<Staging> staging) {}

    MirrorBatch(Mirror mirror, DiskFrontEnd front, MirrorGroup group, MirrorRepair repair) {
        this.mirror = mirror;
        this.front = front;
        this.group = group;
        this.repair = repair;
    }

    @Override
    public MemorySegment room(long vbn) throws RaidException {
        mirror.dbn(vbn, 1);
        if (run.isPresent() && (vbn != runVbn + runBlocks || runBlocks == runCapacity)) {
            sendRun();
        }
        if (run.isEmpty()) {
            run = Optional.of(take());
            runCapacity = run.get().memory().blocks();
            runVbn = vbn;
            runBlocks = 0;
        }
        long at = (long) runBlocks * Units.BLOCK_SIZE;
        runBlocks++;
        return run.get().memory().bytes().asSlice(at, Units.BLOCK_SIZE);
    }

    @Override
    public void put(long vbn, DiskMemory blocks) throws RaidException {
        mirror.dbn(vbn, blocks.blocks());
        for (int at = 0; at < blocks.blocks(); at += RUN_BLOCKS) {
            int count = Math.min(RUN_BLOCKS, blocks.blocks() - at);
            send(vbn + at, blocks.slice(at, count), Optional.empty());
        }
    }

    /// A whole run if there is one, else whatever is, after giving back what this batch can.
    private Staging take() {
        Optional<Staging> staging = front.tryStaging(RUN_BLOCKS);
        while (staging.isEmpty() && !sent.isEmpty()) {
            awaitOldest();
            staging = front.tryStaging(RUN_BLOCKS);
        }
        for (int blocks = RUN_BLOCKS / 4; staging.isEmpty() && blocks > 0; blocks /= 4) {
            staging = front.tryStaging(blocks);
        }
        return staging.orElseGet(() -> front.staging(1));
    }

    private void sendRun() throws RaidException {
        if (run.isPresent()) {
            Staging staging = run.get();
            run = Optional.empty();
            send(runVbn, staging.memory().slice(0, runBlocks), Optional.of(staging));
        }
    }

    private void send(long vbn, DiskMemory memory, Optional<Staging> staging) throws RaidException {
        List<Member> members;
        try {
            members = group.inSync();
        } catch (RaidException e) {
            staging.ifPresent(Staging::close);
            throw e;
        }
        if (writingStamp == 0) {
            writingStamp = repair.beginWriting();
        }
        List<DiskRequest> requests = new ArrayList<>(members.size());
        for (Member member : members) {
            requests.add(DiskRequest.write(member.disk(), mirror.dbn(vbn, memory.blocks()), memory));
        }
        sent.add(new Sent(members, front.submit(requests), staging));
        DeathPoint.stored(StoreGroup.CONSISTENCY_POINT);
    }

    private void awaitOldest() {
        Sent oldest = sent.remove();
        for (int i = 0; i < oldest.transfers().size(); i++) {
            try {
                oldest.transfers().get(i).await();
            } catch (DiskException e) {
                failed.putIfAbsent(oldest.members().get(i), String.valueOf(e.getMessage()));
            }
        }
        DeathPoint.stored(StoreGroup.CONSISTENCY_POINT);
        oldest.staging().ifPresent(Staging::close);
    }

    private void awaitAll() {
        while (!sent.isEmpty()) {
            awaitOldest();
        }
        if (writingStamp != 0) {
            repair.endWriting(writingStamp);
            writingStamp = 0;
        }
    }

    @Override
    public void complete() throws RaidException {
        sendRun();
        awaitAll();
        Map<Member, String> leaving = new LinkedHashMap<>(failed);
        failed.clear();
        group.drop(leaving);
        repair.run();
    }

    @Override
    public void close() {
        run.ifPresent(Staging::close);
        run = Optional.empty();
        awaitAll();
    }
}
