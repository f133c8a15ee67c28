package hearth.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which package of the D-module may know which: the file system stands on the buffer cache, the log and RAID; RAID
/// stands on disks; nothing looks up.
final class PackageArrows {
    private static final String DMODULE = "hearth.dmodule";

    /// By the packages' names below `hearth.dmodule`.
    static final Map<String, Set<String>> ALLOWED = Map.of(
            "filesystem", Set.of("buffer", "raid", "disk", "nvlog"),
            "nvlog", Set.of(),
            "buffer", Set.of(),
            "raid", Set.of("disk"),
            "disk", Set.of());

    private PackageArrows() {}

    /// Judges one file; the module's root package and its tests may see every package below it.
    static List<String> of(SourceFile file) {
        if (!file.packageName().startsWith(DMODULE + ".")) {
            return List.of();
        }
        String from = below(file.packageName() + ".");
        List<String> wrong = new ArrayList<>();
        for (String imported : file.imports()) {
            if (!imported.startsWith(DMODULE + ".")) {
                continue;
            }
            String to = below(imported);
            Set<String> allowed = ALLOWED.get(from);
            if (allowed == null) {
                wrong.add(file.path() + ": " + from + " is not in the table of package arrows");
            } else if (!to.equals(from) && !allowed.contains(to)) {
                wrong.add(file.path() + ": " + from + " must not know " + to);
            }
        }
        return wrong;
    }

    /// The segment below the module's root; a class of the root package itself is called "(root)".
    private static String below(String qualifiedName) {
        String rest = qualifiedName.substring(DMODULE.length() + 1);
        return Character.isLowerCase(rest.charAt(0)) ? rest.substring(0, rest.indexOf('.')) : "(root)";
    }
}
