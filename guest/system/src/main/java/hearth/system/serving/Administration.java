package hearth.system.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import hearth.base.Check;
import hearth.base.Units;
import hearth.cf.Export;
import hearth.dmodule.filesystem.VolumeAdministration;
import hearth.dmodule.filesystem.VolumeAdministration.Listed;
import hearth.dmodule.filesystem.VolumeAdministration.Result;
import hearth.dmodule.filesystem.format.VolumeConfig;
import hearth.memory.channel.AdminRequest;
import hearth.memory.channel.AdminRequest.Outcome;
import hearth.memory.channel.BootConfig.InitialExport;
import hearth.memory.channel.ChannelException;
import hearth.memory.channel.ChannelMessage;
import hearth.memory.channel.VolumeReport;
import hearth.system.boot.Booted;

/// Carries an administrator's request to the storage, and from there to the exports of the protocol servers and to the
/// checkpoint. When it answers, the change is durable, in force for every call that comes later, and in the checkpoint.
final class Administration {
    private final Booted booted;
    private final VolumeAdministration volumes;

    Administration(Booted booted) {
        this.booted = booted;
        volumes = booted.fileSystem().volumes();
    }

    ChannelMessage.Administered answer(ChannelMessage.Administer message) {
        AdminRequest request;
        try {
            request = AdminRequest.parse(message.request());
        } catch (ChannelException e) {
            return answer(message, Outcome.INVALID, List.of(String.valueOf(e.getMessage())));
        }
        if (!(request instanceof AdminRequest.Change change)) {
            return answer(message, Outcome.DONE, VolumeReport.lines(reports()));
        }
        Result result = change(change);
        if (result instanceof Result.Refused(String why)) {
            return answer(message, Outcome.REFUSED, List.of(why));
        } else if (result instanceof Result.NotFound(String what)) {
            return answer(message, Outcome.NOT_FOUND, List.of(what));
        } else if (result instanceof Result.Invalid(String why)) {
            return answer(message, Outcome.INVALID, List.of(why));
        }
        booted.server().refreshExports();
        booted.containers().changed();
        return answer(message, Outcome.DONE, VolumeReport.lines(reports()));
    }

    private static ChannelMessage.Administered answer(
            ChannelMessage.Administer message, Outcome outcome, List<String> lines) {
        return new ChannelMessage.Administered(message.id(), outcome.ordinal(), lines);
    }

    private Result change(AdminRequest.Change change) {
        Runnable mark = booted.containers()::changing;
        long number = change.request();
        if (number == 0) {
            return new Result.Invalid("a change needs a number");
        }
        try {
            if (change instanceof AdminRequest.CreateVolume r) {
                return volumes.create(number, VolumeConfig.notExported(r.name(), blocks(r.sizeBytes())), mark);
            } else if (change instanceof AdminRequest.ResizeVolume r) {
                return volumes.resize(number, r.name(), blocks(r.sizeBytes()), mark);
            } else if (change instanceof AdminRequest.DeleteVolume r) {
                return volumes.delete(number, r.name(), r.force(), mark);
            } else if (change instanceof AdminRequest.CreateExport r) {
                return volumes.createExport(
                        number, r.path(), r.volume(), r.readOnly(), squash(r.squash()), r.clients(), mark);
            } else if (change instanceof AdminRequest.SetExport r) {
                Optional<Export.Squash> squash = r.squash().map(Administration::squash);
                return volumes.setExport(number, r.path(), r.readOnly(), squash, r.clients(), mark);
            } else if (change instanceof AdminRequest.DeleteExport r) {
                return volumes.deleteExport(number, r.path(), mark);
            }
        } catch (IllegalArgumentException e) {
            return new Result.Invalid(String.valueOf(e.getMessage()));
        }
        throw Check.failed("a change that nobody makes");
    }

    private static long blocks(long bytes) {
        return Math.ceilDiv(bytes, (long) Units.BLOCK_SIZE);
    }

    private static Export.Squash squash(String text) {
        return Export.Squash.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private List<VolumeReport> reports() {
        var reports = new ArrayList<VolumeReport>();
        for (Listed volume : volumes.list()) {
            VolumeConfig config = volume.config();
            Optional<InitialExport> export = Optional.empty();
            if (config.isExported() && !volume.deleting()) {
                export = Optional.of(new InitialExport(config.exportPath(), config.name(), config.readOnly(),
                        config.squash().name().toLowerCase(Locale.ROOT), config.clients()));
            }
            reports.add(new VolumeReport(config.name(), config.limitBlocks() * Units.BLOCK_SIZE,
                    volume.usedBlocks() * Units.BLOCK_SIZE, volume.inodes() < 0 ? -1 : volume.inodes() - 1,
                    state(volume), export));
        }
        return reports;
    }

    private static String state(Listed volume) {
        if (!volume.deleting()) {
            return VolumeReport.ONLINE;
        }
        return volume.stuckBecause().isEmpty()
                ? VolumeReport.DELETING
                : VolumeReport.DELETING + ", held up until the next boot: " + volume.stuckBecause();
    }
}
