package hearth.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Smaller rules of the house.
final class Conventions {
    private static final Set<String> HANDLES = Set.of("VarHandle", "MethodHandle");
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\.sleep\\(|\\bTimeUnit\\.\\w+\\.sleep\\(");

    private Conventions() {}

    static List<String> of(SourceFile file) {
        List<String> wrong = new ArrayList<>();
        for (String imported : file.imports()) {
            if (imported.endsWith(".*")) {
                wrong.add(file.path() + ": imports " + imported);
            }
        }
        for (var field : file.fields()) {
            // The compiler folds a handle only if it is a constant; through an instance field it is far slower.
            if (HANDLES.contains(field.type()) && !field.isStaticFinal()) {
                wrong.add("%s:%d: %s is not static final".formatted(file.path(), field.line(), field.name()));
            }
        }
        for (int i = 0; file.isTest() && i < file.lines().size(); i++) {
            if (SLEEP.matcher(file.lines().get(i)).find()) {
                wrong.add("%s:%d: a test sleeps".formatted(file.path(), i + 1));
            }
        }
        return wrong;
    }

    /// Packages of main code without a `package-info.java` that says something.
    static List<String> undocumentedPackages(List<SourceFile> files) {
        Map<String, String> folders = new TreeMap<>();
        Set<String> documented = new TreeSet<>();
        for (SourceFile file : files) {
            String folder = file.path().substring(0, file.path().lastIndexOf('/'));
            if (file.isTest() && !file.packageName().equals("hearth.acceptance") || file.packageName().isEmpty()) {
                continue;
            }
            folders.put(folder, file.packageName());
            if (file.path().endsWith("/package-info.java") && file.lines().getFirst().startsWith("///")) {
                documented.add(folder);
            }
        }
        folders.keySet().removeAll(documented);
        return folders.values().stream().map(name -> name + " has no package-info with a doc comment").toList();
    }
}
