package hearth.tidy;

import java.util.List;

/// One parsed Java file. `path` is relative to the project's root; lines count from 1.
record SourceFile(
        String path, String packageName, List<String> lines, List<String> imports, List<Method> methods,
        List<Field> fields, List<Type> types) {

    /// A method, constructor or initializer with its whole extent, annotations included and doc comment not.
    record Method(String name, int firstLine, int lastLine) {
        int length() {
            return lastLine - firstLine + 1;
        }
    }

    /// A field (never a local variable) with its type as written.
    record Field(String name, String type, boolean isStaticFinal, int line) {}

    /// A class, interface, record or enum; nested ones are named `Outer$Inner`, as their class files are.
    record Type(String name, int firstLine) {
        String simpleName() {
            return name.substring(name.lastIndexOf('$') + 1);
        }
    }

    boolean isTest() {
        return path.contains("/src/test/");
    }

    /// The JPMS module that the package belongs to: its first two segments.
    String module() {
        return moduleOf(packageName);
    }

    static String moduleOf(String qualifiedName) {
        String[] segments = qualifiedName.split("\\.", 3);
        return segments.length < 2 ? qualifiedName : segments[0] + "." + segments[1];
    }

    /// The Markdown doc comment that stands directly above line `line`, without its slashes.
    List<String> docAbove(int line) {
        int first = line - 1;
        while (first > 0 && lines.get(first - 1).strip().startsWith("///")) {
            first--;
        }
        return lines.subList(first, line - 1).stream().map(text -> text.strip().substring(3).strip()).toList();
    }
}
