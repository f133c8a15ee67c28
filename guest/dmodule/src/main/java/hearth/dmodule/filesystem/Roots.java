package hearth.dmodule.filesystem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Event;
import hearth.dmodule.filesystem.consistency.ConsistencyPoints;
import hearth.dmodule.filesystem.format.FsInfo;
import hearth.dmodule.filesystem.format.FsInfoLayout;

/// Finds the root to mount, and makes sure that it stands in all its places before anything else is written.
final class Roots {
    private final FileSystemParts parts;

    Roots(FileSystemParts parts) {
        this.parts = parts;
    }

    MountResult fromRegion() throws IOException {
        Optional<FsInfo> committed = valid(parts.root().committed());
        Optional<FsInfo> intent = valid(parts.root().intent());
        if (committed.isEmpty() && intent.isEmpty()) {
            return new MountResult.Refused("the region holds no root");
        }
        if (intent.isPresent() && generation(intent) > generation(committed)) {
            return finish(intent.get());
        }
        parts.root().clearIntent();
        return mounted(committed.orElseThrow(), "region");
    }

    /// The predecessor died while it moved the root. All blocks of the new one were durable before it said so.
    private MountResult finish(FsInfo intent) throws IOException {
        // Its fsinfo is written again by the first consistency point, before any other block: until then the intent
        // stays in the region, and a boot that reads no disk does not wait for one either.
        MountResult result = mounted(intent, "intent");
        if (result instanceof MountResult.Mounted(FileSystem fileSystem)) {
            fileSystem.finishFirst(intent);
        }
        return result;
    }

    MountResult fromDisks(long generationMin) throws IOException {
        Optional<FsInfo> intent = valid(parts.root().intent());
        Optional<FsInfo> committed = valid(parts.root().committed());
        List<String> wrong = new ArrayList<>();
        Optional<FsInfo> best = intent;
        for (long dbn : new long[] {FsInfoLayout.DBN_EVEN, FsInfoLayout.DBN_ODD}) {
            for (byte[] block : parts.store().readRoots(dbn)) {
                switch (FsInfo.decode(block)) {
                    case FsInfo.Decoded.Valid(FsInfo info) -> {
                        if (FsInfoLayout.dbnOf(info.generation()) != dbn) {
                            wrong.add("generation " + info.generation() + " in the other slot");
                        } else if (best.isPresent() && best.get().aggregateId() != info.aggregateId()) {
                            return new MountResult.Refused("roots of two aggregates");
                        } else if (info.generation() > generation(best)) {
                            best = Optional.of(info);
                        }
                    }
                    case FsInfo.Decoded.Corrupt(String why) -> wrong.add(why);
                    case FsInfo.Decoded.TooNew(int version) -> {
                        return new MountResult.Refused("root of a later format, version " + version);
                    }
                    case FsInfo.Decoded.TooOld(int version) -> {
                        return new MountResult.Refused("root of an old format, version " + version);
                    }
                }
            }
        }
        if (best.isEmpty()) {
            return new MountResult.Refused("no valid root on any current disk: " + wrong);
        }
        long least = Math.max(generationMin, generation(committed));
        if (best.get().generation() < least) {
            return new MountResult.Refused("the newest root on the disks is " + best.get().generation()
                    + ", but " + least + " was durable");
        }
        // All its places, also those whose write the last host's death cut short: from now on every member agrees.
        ConsistencyPoints.moveRoot(parts.store(), parts.root(), best.get().encode(), best.get().generation());
        return mounted(best.get(), "disks");
    }

    private MountResult mounted(FsInfo info, String from) throws IOException {
        if (info.totalBlocks() > parts.store().blocks()) {
            return new MountResult.Refused("the root knows " + info.totalBlocks() + " blocks, the disks have "
                    + parts.store().blocks());
        }
        FileSystem mounted = FileSystem.of(parts, info);
        parts.events().accept(Event.of(parts.clock(), "filesystem.mounted",
                "from", from, "generation", info.generation(), "last_lsn", info.lastLsn()));
        return new MountResult.Mounted(mounted);
    }

    private static long generation(Optional<FsInfo> info) {
        return info.map(FsInfo::generation).orElse(0L);
    }

    private static Optional<FsInfo> valid(Optional<byte[]> block) {
        return block.flatMap(bytes -> FsInfo.decode(bytes) instanceof FsInfo.Decoded.Valid(FsInfo info)
                ? Optional.of(info)
                : Optional.empty());
    }
}
