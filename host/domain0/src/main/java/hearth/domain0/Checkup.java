package hearth.domain0;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import hearth.domain0.config.ConfigException;
import hearth.domain0.config.ConfigReader;
import hearth.domain0.config.HostConfig;
import hearth.domain0.config.Places;
import hearth.domain0.config.ReadConfig;
import hearth.domain0.domain.Finding;
import hearth.domain0.domain.Preflight;
import hearth.domain0.state.DataDirectory;
import hearth.domain0.state.DataDirectoryException;

/// What can be said of a start before it: the same for `up`, which then starts, and for `config check`.
///
/// @param problems every reason why a host would not start, and every warning
record Checkup(List<Problem> problems) {
    /// One line.
    ///
    /// @param place of the key that it is about; without a key for what is about none
    record Problem(Places.Place place, String text, boolean error) {
        static Problem of(ReadConfig.Complaint complaint) {
            return new Problem(complaint.place(), complaint.text(), true);
        }

        String line() {
            return place.key().isEmpty() ? text : place.text() + (text.startsWith("is ") ? " " : ": ") + text;
        }
    }

    Checkup {
        problems = List.copyOf(problems);
    }

    /// Looks at what `file` says and at the world. Throws when there is no file or no YAML in it, or when the data
    /// directory cannot be read or a host has it.
    static Checkup of(Path file, Path root) throws ConfigException, DataDirectoryException, IOException {
        ReadConfig read = ConfigReader.check(file, root);
        List<Problem> problems = new ArrayList<>(complaints(read));
        try (Looked looked = new Looked(DataDirectory.look(root))) {
            HostMemo memo = looked.memo();
            // One whose part of the file is wrong is not left out: it is only not looked at.
            if (read.complaints().isEmpty()) {
                memo.checkNoneIsLeftOut(read.config());
            }
            problems.addAll(world(read.config(), read.places(), memo, root, looked.directory(), false));
        } catch (ConfigException e) {
            problems.add(new Problem(read.places().of(""), String.valueOf(e.getMessage()), true));
        }
        return new Checkup(problems);
    }

    /// Throws the first reason why a host would not start.
    void throwFirst() throws ConfigException {
        for (Problem problem : problems) {
            if (problem.error()) {
                throw new ConfigException(problem.line());
            }
        }
    }

    /// The same of the file alone.
    static Checkup ofFile(Path file, Path root) throws ConfigException {
        return new Checkup(complaints(ConfigReader.check(file, root)));
    }

    private static List<Problem> complaints(ReadConfig read) {
        return read.complaints().stream().map(Problem::of).toList();
    }

    /// What is wrong with the world for this configuration.
    static List<Problem> world(HostConfig config, Places places, HostMemo memo, Path root,
            Optional<DataDirectory> directory, boolean acceptLoss) {
        List<Problem> problems = new ArrayList<>();
        if (!places.equals(Places.NONE)) {
            // Without a file nobody has said anything that the disks could differ from.
            memo.differences(config).forEach(line -> problems.add(new Problem(places.of(""), line, false)));
        }
        for (Finding finding : Preflight.look(memo.effective(config), root, directory, acceptLoss)) {
            Places.Place place = finding.controller().isEmpty() || finding.key().isEmpty()
                    ? places.of(finding.key()) : places.of(finding.controller(), finding.key());
            problems.add(new Problem(place, finding.text(), finding.error()));
        }
        return problems;
    }

    /// A data directory to look at, if there is one.
    record Looked(Optional<DataDirectory> directory) implements AutoCloseable {
        HostMemo memo() throws IOException, ConfigException {
            return directory.isPresent() ? HostMemo.load(directory.get()) : HostMemo.NONE;
        }

        @Override
        public void close() throws IOException {
            if (directory.isPresent()) {
                directory.get().close();
            }
        }
    }
}
