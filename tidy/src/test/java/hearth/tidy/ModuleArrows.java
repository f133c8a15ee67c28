package hearth.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which module may know which: the machine's picture as a table. Host and guest meet in `contract/` only; N-module
/// and D-module in `hearth.cf` only; nothing knows the tests, the benches or the tools.
final class ModuleArrows {
    private static final Set<String> GUEST = Set.of(
            "hearth.cf", "hearth.checkpoint", "hearth.nmodule", "hearth.dmodule", "hearth.system");
    private static final Set<String> CONTRACT = Set.of("hearth.base", "hearth.memory");

    /// For each module all that it may see, transitively.
    static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
            Map.entry("hearth.base", Set.of()),
            Map.entry("hearth.memory", Set.of("hearth.base")),
            Map.entry("hearth.hypervisor", CONTRACT),
            Map.entry("hearth.domain0", Set.of("hearth.base", "hearth.memory", "hearth.hypervisor")),
            Map.entry("hearth.cf", Set.of("hearth.base")),
            Map.entry("hearth.checkpoint", CONTRACT),
            Map.entry("hearth.nmodule", Set.of("hearth.base", "hearth.memory", "hearth.cf", "hearth.checkpoint")),
            Map.entry("hearth.dmodule", Set.of("hearth.base", "hearth.memory", "hearth.cf", "hearth.checkpoint")),
            Map.entry("hearth.system", Set.of(
                    "hearth.base", "hearth.memory", "hearth.cf", "hearth.checkpoint", "hearth.nmodule",
                    "hearth.dmodule")),
            Map.entry("hearth.cli", Set.of()),
            Map.entry("hearth.tools", Set.of(
                    "hearth.base", "hearth.memory", "hearth.cf", "hearth.checkpoint", "hearth.dmodule")),
            Map.entry("hearth.bench", Set.of(
                    "hearth.base", "hearth.memory", "hearth.hypervisor", "hearth.domain0", "hearth.cf",
                    "hearth.checkpoint", "hearth.nmodule", "hearth.dmodule", "hearth.system")),
            Map.entry("hearth.stress", CONTRACT),
            Map.entry("hearth.fuzz", Set.of(
                    "hearth.base", "hearth.memory", "hearth.hypervisor", "hearth.domain0", "hearth.cf",
                    "hearth.checkpoint", "hearth.nmodule", "hearth.dmodule")),
            Map.entry("hearth.acceptance", Set.of()),
            Map.entry("hearth.tidy", Set.of()));

    private static final Pattern REQUIRES =
            Pattern.compile("(?m)^\\s*requires\\s+((?:static\\s+|transitive\\s+)*)([\\w.]+)\\s*;");

    private ModuleArrows() {}

    /// Judges the `requires` lines of one module descriptor.
    static List<String> ofDescriptor(SourceFile descriptor) {
        String text = String.join("\n", descriptor.lines());
        Matcher name = Pattern.compile("(?m)^\\s*(?:open\\s+)?module\\s+([\\w.]+)").matcher(text);
        if (!name.find()) {
            return List.of(descriptor.path() + ": no module declaration");
        }
        String module = name.group(1);
        List<String> wrong = new ArrayList<>();
        REQUIRES.matcher(text).results().forEach(match -> {
            String required = match.group(2);
            if (required.startsWith("hearth.")) {
                judge(descriptor.path(), module, required, wrong);
            } else if (isRestricted(module) && !isOfJdk(required) && !match.group(1).contains("static")) {
                wrong.add(descriptor.path() + ": " + module + " runs in guests, on the JDK alone, and requires "
                        + required);
            }
        });
        return wrong;
    }

    /// Judges the imports of one file, tests included: JPMS does not hold those that are compiled into a module.
    static List<String> ofImports(SourceFile file) {
        List<String> wrong = new ArrayList<>();
        for (String imported : file.imports()) {
            if (imported.startsWith("hearth.") && !SourceFile.moduleOf(imported).equals(file.module())) {
                judge(file.path(), file.module(), SourceFile.moduleOf(imported), wrong);
            }
        }
        return wrong;
    }

    private static void judge(String path, String from, String to, List<String> wrong) {
        Set<String> allowed = ALLOWED.get(from);
        if (allowed == null) {
            wrong.add(path + ": " + from + " is not in the table of module arrows");
        } else if (!allowed.contains(to)) {
            wrong.add(path + ": " + from + " must not know " + to);
        }
    }

    private static boolean isRestricted(String module) {
        return GUEST.contains(module) || CONTRACT.contains(module);
    }

    private static boolean isOfJdk(String module) {
        return module.startsWith("java.") || module.startsWith("jdk.");
    }
}
