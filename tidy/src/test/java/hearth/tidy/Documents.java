package hearth.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Documents against what they speak of.
final class Documents {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z0-9]+");
    private static final Pattern PACKAGE = Pattern.compile("hearth(\\.[a-z0-9]+)+");
    private static final Pattern TEST = Pattern.compile("\\b([A-Z]\\w*Test)(?:\\.(\\w+))?");
    private static final Pattern ARTIFACT = Pattern.compile(
            "(?s)<dependency>\\s*<groupId>(?!hearth<)[^<]+</groupId>\\s*<artifactId>([^<]+)</artifactId>");

    private Documents() {}

    /// All Markdown files of the root and of `docs/`.
    static List<Path> all() {
        Path root = Sources.root();
        try (Stream<Path> top = Files.list(root)) {
            List<Path> found = new ArrayList<>(top.filter(path -> path.toString().endsWith(".md")).sorted().toList());
            found.addAll(Sources.filesBelow(root.resolve("docs")));
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Relative links of `text`, which stands in `folder`, that lead nowhere.
    static List<String> deadLinks(Path folder, String text) {
        return LINK.matcher(text).results()
                .map(match -> match.group(1))
                .filter(link -> !Files.exists(folder.resolve(link)))
                .toList();
    }

    /// Types and packages in the last column of the table rows of `text` that no source file declares.
    static List<String> unknownNames(String text, List<SourceFile> files) {
        Set<String> types = new TreeSet<>();
        Set<String> packages = new TreeSet<>();
        for (SourceFile file : files) {
            file.types().forEach(type -> types.add(type.simpleName()));
            String name = file.packageName();
            while (name.contains(".")) {
                packages.add(name);
                name = name.substring(0, name.lastIndexOf('.'));
            }
        }
        List<String> unknown = new ArrayList<>();
        text.lines().filter(line -> line.startsWith("|")).forEach(line -> {
            String[] cells = line.split("\\|");
            CODE.matcher(cells[cells.length - 1]).results().map(match -> match.group(1)).forEach(name -> {
                if (TYPE.matcher(name).matches() && !types.contains(name)
                        || PACKAGE.matcher(name).matches() && !packages.contains(name)) {
                    unknown.add(name);
                }
            });
        });
        return unknown;
    }

    /// `…Layout` types of main code that `text` does not name in code font.
    static List<String> unnamedLayouts(String text, List<SourceFile> files) {
        Set<String> named = new TreeSet<>(CODE.matcher(text).results().map(match -> match.group(1)).toList());
        return files.stream()
                .filter(file -> !file.isTest())
                .flatMap(file -> file.types().stream())
                .map(SourceFile.Type::simpleName)
                .filter(name -> name.endsWith("Layout") && !named.contains(name))
                .toList();
    }

    /// Tests that `text` names and that no source file has.
    static List<String> unknownTests(String text, List<SourceFile> files) {
        return TEST.matcher(text).results()
                .filter(match -> files.stream().noneMatch(file -> has(file, match.group(1), match.group(2))))
                .map(match -> match.group())
                .toList();
    }

    /// Artifacts that `pom` depends on and that no page among `decisions` names.
    static List<String> undecided(String pom, String decisions) {
        return ARTIFACT.matcher(pom).results()
                .map(match -> match.group(1))
                .filter(artifact -> !decisions.contains(artifact))
                .toList();
    }

    private static boolean has(SourceFile file, String type, String method) {
        return file.types().stream().anyMatch(declared -> declared.simpleName().equals(type))
                && (method == null || file.methods().stream().anyMatch(declared -> declared.name().equals(method)));
    }
}
