package hearth.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

/// Finds the project and parses its sources with the JDK's own compiler, without resolving anything.
final class Sources {
    private static final Pattern MODULE = Pattern.compile("<module>(.+?)</module>");

    private Sources() {}

    /// The folder that holds the launcher.
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve(".mvn"))) {
            folder = Objects.requireNonNull(folder.getParent(), "not inside the project");
        }
        return folder;
    }

    /// The modules' folders, as the root pom lists them.
    static List<String> moduleFolders() {
        return MODULE.matcher(read(root().resolve("pom.xml"))).results().map(match -> match.group(1)).toList();
    }

    /// Every Java file of every module, tests included.
    static List<SourceFile> all() {
        return All.FILES;
    }

    /// Parsed once, when a test first asks.
    private static final class All {
        static final List<SourceFile> FILES = parseAll();
    }

    private static List<SourceFile> parseAll() {
        List<Path> files = moduleFolders().stream()
                .flatMap(folder -> filesBelow(root().resolve(folder).resolve("src")).stream())
                .filter(path -> path.toString().endsWith(".java"))
                .toList();
        return parse(files.stream().map(path -> new Text(root().relativize(path).toString(), read(path))).toList());
    }

    /// A sample as if it stood at `path`: what the tests of the rules use.
    static SourceFile sample(String path, String text) {
        return parse(List.of(new Text(path, text))).getFirst();
    }

    static List<Path> filesBelow(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<SourceFile> parse(List<Text> texts) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, texts);
        Trees trees = Trees.instance(task);
        List<SourceFile> parsed = new ArrayList<>();
        try {
            for (CompilationUnitTree unit : task.parse()) {
                var collector = new Collector(unit, trees);
                collector.scan(unit, null);
                parsed.add(collector.file());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parsed;
    }

    /// A source in memory under the name that the rules report.
    private static final class Text extends SimpleJavaFileObject {
        private final String content;

        Text(String path, String content) {
            super(URI.create("text:///" + path), JavaFileObject.Kind.SOURCE);
            this.content = content;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }

    /// Gathers what the rules look at from one compilation unit.
    private static final class Collector extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Trees trees;
        private final Deque<String> enclosing = new ArrayDeque<>();
        private final List<String> imports = new ArrayList<>();
        private final List<SourceFile.Method> methods = new ArrayList<>();
        private final List<SourceFile.Field> fields = new ArrayList<>();
        private final List<SourceFile.Type> types = new ArrayList<>();

        Collector(CompilationUnitTree unit, Trees trees) {
            this.unit = unit;
            this.trees = trees;
        }

        SourceFile file() throws IOException {
            String path = unit.getSourceFile().toUri().getPath().substring(1);
            String packageName = unit.getPackageName() == null ? "" : unit.getPackageName().toString();
            List<String> lines = unit.getSourceFile().getCharContent(true).toString().lines().toList();
            return new SourceFile(path, packageName, lines, imports, methods, fields, types);
        }

        @Override
        public Void visitImport(ImportTree tree, Void none) {
            imports.add(tree.getQualifiedIdentifier().toString());
            return null;
        }

        @Override
        public Void visitClass(ClassTree tree, Void none) {
            String name = tree.getSimpleName().toString();
            enclosing.addLast(name);
            if (!name.isEmpty()) {
                types.add(new SourceFile.Type(String.join("$", enclosing), firstLine(tree)));
            }
            for (Tree member : tree.getMembers()) {
                if (member instanceof VariableTree field) {
                    addField(tree, field);
                } else if (member instanceof BlockTree block) {
                    methods.add(new SourceFile.Method(name + " initializer", firstLine(block), lastLine(block)));
                }
            }
            super.visitClass(tree, none);
            enclosing.removeLast();
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void none) {
            // A record's implicit members have no extent of their own in a tree that was only parsed.
            if (lastLine(tree) > 0) {
                methods.add(new SourceFile.Method(tree.getName().toString(), firstLine(tree), lastLine(tree)));
            }
            return super.visitMethod(tree, none);
        }

        private void addField(ClassTree owner, VariableTree field) {
            boolean isStaticFinal = owner.getKind() == Tree.Kind.INTERFACE
                    || field.getModifiers().getFlags().containsAll(Set.of(Modifier.STATIC, Modifier.FINAL));
            String type = field.getType() == null ? "" : field.getType().toString();
            fields.add(new SourceFile.Field(field.getName().toString(), type, isStaticFinal, firstLine(field)));
        }

        private int firstLine(Tree tree) {
            return line(trees.getSourcePositions().getStartPosition(unit, tree));
        }

        private int lastLine(Tree tree) {
            return line(trees.getSourcePositions().getEndPosition(unit, tree));
        }

        private int line(long position) {
            return position < 0 ? 0 : Math.toIntExact(unit.getLineMap().getLineNumber(position));
        }
    }
}
