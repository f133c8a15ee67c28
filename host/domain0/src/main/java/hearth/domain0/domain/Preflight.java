package hearth.domain0.domain;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.base.Clock;
import hearth.base.Event;
import hearth.domain0.config.ControllerConfig;
import hearth.domain0.config.DiskConfig;
import hearth.domain0.config.HostConfig;
import hearth.domain0.disk.DiskFiles;
import hearth.domain0.journal.Journal;
import hearth.domain0.journal.JournalException;
import hearth.domain0.journal.JournalSpec;
import hearth.domain0.net.ListenException;
import hearth.domain0.net.Listeners;
import hearth.domain0.net.PortMap;
import hearth.domain0.net.Portmapper;
import hearth.domain0.state.DataDirectory;

/// Looks at all that a start would meet, by the code that meets it, and changes nothing: what is wrong is known before
/// anything is made. `up` runs it first; `config check` shows what it finds. Platform threads only.
public final class Preflight {
    private final HostConfig config;
    private final Path root;
    private final Optional<DataDirectory> directory;
    private final boolean acceptLoss;
    private final List<Finding> findings = new ArrayList<>();
    private final SpaceNeeded space;

    private Preflight(HostConfig config, Path root, Optional<DataDirectory> directory, boolean acceptLoss) {
        this.config = config;
        this.root = root;
        this.directory = directory;
        this.acceptLoss = acceptLoss;
        space = new SpaceNeeded(root);
    }

    /// Everything that is found.
    ///
    /// @param root the data directory's place
    /// @param directory the data directory, if there is one already
    /// @param acceptLoss a lost journal is no error
    public static List<Finding> look(
            HostConfig config, Path root, Optional<DataDirectory> directory, boolean acceptLoss) {
        var preflight = new Preflight(config, root, directory, acceptLoss);
        preflight.look();
        return preflight.findings;
    }

    private void look() {
        Optional<String> unusable = Folders.complaint(root, true);
        if (unusable.isPresent()) {
            findings.add(new Finding("", "", "the data directory " + root + " cannot be used: " + unusable.get()
                    + "; --data DIR chooses another one", true));
            return;
        }
        if (config.apiPort() != 0) {
            try {
                Listeners.tryOut(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), config.apiPort()));
            } catch (ListenException e) {
                findings.add(new Finding("", "api-port", String.valueOf(e.getMessage()), true));
            }
        }
        memory();
        for (ControllerConfig controller : config.controllers()) {
            try {
                controller(controller);
            } catch (StartException e) {
                complain(controller, e);
            }
        }
        space.complaints().forEach(findings::add);
    }

    private void complain(ControllerConfig controller, StartException e) {
        findings.add(new Finding(controller.name(), e.key(), String.valueOf(e.getMessage()), true));
    }

    private void memory() {
        long promisedBytes = 0;
        for (ControllerConfig controller : config.controllers()) {
            try {
                Storage.checkMemory(controller, promisedBytes);
                promisedBytes += Storage.memoryNeededBytes(controller);
            } catch (StartException e) {
                complain(controller, e);
            }
        }
    }

    private void controller(ControllerConfig controller) throws StartException {
        Optional<AggregateState> known = directory.isPresent()
                ? AggregateState.load(directory.get(), controller.name()) : Optional.empty();
        AggregateState state = known.orElseGet(() -> Storage.fresh(controller));
        var opening = new DiskOpening(
                controller, state, DiskFiles.PLAIN, Clock.SYSTEM, event -> warn(controller, event));
        listen(controller, state);
        opening.checkConfig();
        JournalSpec spec = Storage.journalSpec(controller, state, DiskFiles.PLAIN);
        if (state.created()) {
            made(controller, opening, spec);
        } else {
            toBeMade(controller, opening, spec);
        }
    }

    private void listen(ControllerConfig controller, AggregateState state) throws StartException {
        List<InetSocketAddress> addresses = Storage.addresses(controller, state);
        for (int i = 0; i < addresses.size(); i++) {
            try {
                Listeners.tryOut(addresses.get(i));
            } catch (ListenException e) {
                findings.add(new Finding(controller.name(), "listen[" + i + "].port",
                        "controller " + controller.name() + " " + e.getMessage(), true));
            }
            if (controller.listen().get(i).portmapper()) {
                try {
                    Portmapper.tryOut(addresses.get(i).getAddress(), PortMap.PORT);
                } catch (ListenException e) {
                    findings.add(new Finding(controller.name(), Storage.portmapperKey(i),
                            "controller " + controller.name() + " " + e.getMessage(), true));
                }
            }
        }
    }

    // ---- disks and journal that are there

    private void made(ControllerConfig controller, DiskOpening opening, JournalSpec spec) throws StartException {
        List<DiskOpening.Opened> disks = opening.open(e -> complain(controller, e));
        DiskOpening.close(disks);
        disks.stream().filter(disk -> disk.disk().isPresent())
                .forEach(disk -> space.mayGrow(disk.config().file(), disk.config().sizeBytes()));
        try {
            Journal.Looked journal = Journal.look(spec);
            journal.rebuilt().forEach((file, why) -> {
                findings.add(new Finding(controller.name(), journalKey(spec, file), "journal file " + file + " is "
                        + why + "; it is made again from the others", false));
                space.takes(file, spec.sizeBytes(), controller.name(), journalKey(spec, file));
            });
            if (disks.stream().anyMatch(disk -> disk.disk().isPresent())) {
                Storage.checkNotStale(controller, disks, journal.summary());
            }
        } catch (JournalException e) {
            boolean accepted = acceptLoss && e.kind() == JournalException.Kind.LOST;
            if (!accepted) {
                throw Storage.journalComplaint(e);
            }
        }
    }

    private static String journalKey(JournalSpec spec, Path file) {
        return "journal.files[" + spec.files().indexOf(file) + "]";
    }

    /// A disk that is left out is an event of the start.
    private void warn(ControllerConfig controller, Event event) {
        List<String> names = controller.disks().stream().map(DiskConfig::name).toList();
        int index = names.indexOf(String.valueOf(event.fields().get("disk")));
        findings.add(new Finding(controller.name(), "disks[" + index + "].file", "disk file "
                + event.fields().get("file") + " is left out: " + event.fields().get("why")
                + "; put the file back as it was, or the other disk holds the only copy", false));
    }

    // ---- disks and journal that are to be made

    private void toBeMade(ControllerConfig controller, DiskOpening opening, JournalSpec spec) throws StartException {
        opening.lookBeforeCreate(e -> complain(controller, e));
        for (int i = 0; i < controller.disks().size(); i++) {
            DiskConfig disk = controller.disks().get(i);
            folder(controller, "disks[" + i + "].file", disk.file());
            space.mayGrow(disk.file(), disk.sizeBytes());
        }
        for (Path file : spec.files()) {
            try {
                if (!Storage.isLeftover(spec, file)) {
                    folder(controller, journalKey(spec, file), file);
                    space.takes(file, spec.sizeBytes(), controller.name(), journalKey(spec, file));
                }
            } catch (IOException e) {
                findings.add(new Finding(controller.name(), journalKey(spec, file), "journal file " + file
                        + " cannot be used: " + DataDirectory.reason(e) + "; name another file", true));
            } catch (StartException e) {
                complain(controller, e);
            }
        }
    }

    /// Complains unless `file` can be made. The data directory's own folders are made when they are not there.
    private void folder(ControllerConfig controller, String key, Path file) {
        if (Files.exists(file)) {
            return;
        }
        Path parent = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        Optional<String> complaint = Folders.complaint(parent, parent.equals(root.resolve("disks")));
        complaint.ifPresent(text -> findings.add(new Finding(controller.name(), key,
                "file " + file + " cannot be made: " + text + "; name another place", true)));
    }
}
