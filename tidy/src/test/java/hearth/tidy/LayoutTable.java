package hearth.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// The table of a byte layout in the doc comment of its `…Layout` class, compared with the class's constants:
///
/// ```
/// /// | OFFSET | SIZE | NAME  | DESCRIPTION            |
/// /// |-------:|-----:|-------|------------------------|
/// /// |      0 |    8 | MAGIC | what the file is       |
/// /// |      8 |   56 | -     | reserved, zero         |
/// ```
///
/// A row `NAME` stands for the constant `NAME_OFFSET`. Rows chain: each begins where the one before it ends, and `-`
/// fills a gap. The SIZE of the last row may be `n`: the rest. A class with several structures has several tables;
/// where there is one and the class has a constant SIZE or SIZE_BYTES, the table ends there. A class without offsets
/// needs none. Constants are read from the class file, so that no class is initialised; they have to be compile-time
/// constants.
final class LayoutTable {
    /// One row; an empty size means "the rest".
    record Row(long offset, OptionalLong size, String name) {}

    private static final List<String> COLUMNS = List.of("OFFSET", "SIZE", "NAME", "DESCRIPTION");
    private static final String SUFFIX = "_OFFSET";
    private static final List<String> TOTALS = List.of("SIZE", "SIZE_BYTES");

    private LayoutTable() {}

    /// Judges every `…Layout` type of `file`; `constantsOf` gives the constants of a type by its binary simple name.
    static List<String> of(SourceFile file, Function<String, Map<String, Long>> constantsOf) {
        List<String> wrong = new ArrayList<>();
        for (var type : file.types()) {
            if (type.simpleName().endsWith("Layout") && !file.isTest()) {
                String where = file.path() + ": " + type.name() + ": ";
                try {
                    compare(tables(file.docAbove(type.firstLine())), constantsOf.apply(type.name()), where, wrong);
                } catch (IllegalArgumentException e) {
                    wrong.add(where + e.getMessage());
                }
            }
        }
        return wrong;
    }

    /// The `long` and `int` constants of a class file by their names.
    static Map<String, Long> constants(Path classFile) {
        Map<String, Long> constants = new TreeMap<>();
        try {
            for (var field : ClassFile.of().parse(classFile).fields()) {
                field.findAttribute(Attributes.constantValue()).ifPresent(attribute -> {
                    if (attribute.constant().constantValue() instanceof Number number) {
                        constants.put(field.fieldName().stringValue(), number.longValue());
                    }
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return constants;
    }

    private static List<List<Row>> tables(List<String> doc) {
        List<List<Row>> tables = new ArrayList<>();
        for (String line : doc) {
            if (!line.startsWith("|") || line.matches("[|:\\- ]+")) {
                continue;
            }
            List<String> cells = List.of(line.substring(1).split("\\|", -1)).stream().map(String::strip).toList();
            if (cells.getFirst().equals(COLUMNS.getFirst())) {
                require(cells.subList(0, Math.min(4, cells.size())).equals(COLUMNS), "columns are not " + COLUMNS);
                tables.add(new ArrayList<>());
            } else if (!tables.isEmpty()) {
                require(cells.size() >= 4, "row '" + line + "' has too few columns");
                tables.getLast().add(row(cells));
            }
        }
        return tables;
    }

    private static Row row(List<String> cells) {
        OptionalLong size = cells.get(1).equals("n") ? OptionalLong.empty() : OptionalLong.of(number(cells.get(1)));
        return new Row(number(cells.get(0)), size, cells.get(2).replace("`", ""));
    }

    private static long number(String cell) {
        try {
            return Long.decode(cell.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + cell + "' is not a number", e);
        }
    }

    private static void compare(List<List<Row>> tables, Map<String, Long> constants, String where, List<String> wrong) {
        var unnamed = new TreeSet<String>();
        constants.keySet().stream().filter(name -> name.endsWith(SUFFIX)).forEach(unnamed::add);
        require(unnamed.isEmpty() || !tables.isEmpty(), "no table in the doc comment");
        for (List<Row> table : tables) {
            compareRows(table, constants, unnamed, where, wrong);
        }
        if (tables.size() == 1 && !tables.getFirst().isEmpty()) {
            compareTotal(tables.getFirst().getLast(), constants, where, wrong);
        }
        unnamed.forEach(name -> wrong.add(where + name + " is in no table"));
    }

    private static void compareRows(
            List<Row> table, Map<String, Long> constants, TreeSet<String> unnamed, String where, List<String> wrong) {
        long end = table.isEmpty() ? 0 : table.getFirst().offset();
        for (int i = 0; i < table.size(); i++) {
            Row row = table.get(i);
            if (row.offset() != end) {
                wrong.add(where + row.name() + " begins at " + row.offset() + ", the row before it ends at " + end);
            }
            if (row.size().isEmpty() && i < table.size() - 1) {
                wrong.add(where + row.name() + " has no size and is not the last row");
            }
            end = row.offset() + row.size().orElse(0);
            if (!row.name().equals("-")) {
                compareRow(row, constants, unnamed, where, wrong);
            }
        }
    }

    private static void compareTotal(Row last, Map<String, Long> constants, String where, List<String> wrong) {
        for (String name : TOTALS) {
            Long total = constants.get(name);
            if (total != null && last.size().isPresent() && last.offset() + last.size().getAsLong() != total) {
                wrong.add(where + name + " is " + total + " in the code, the table ends at "
                        + (last.offset() + last.size().getAsLong()));
            }
        }
    }

    private static void compareRow(
            Row row, Map<String, Long> constants, TreeSet<String> unnamed, String where, List<String> wrong) {
        Long offset = constants.get(row.name() + SUFFIX);
        unnamed.remove(row.name() + SUFFIX);
        if (offset == null) {
            wrong.add(where + "no compile-time constant " + row.name() + SUFFIX);
        } else if (offset != row.offset()) {
            wrong.add(where + row.name() + " is at " + offset + " in the code, at " + row.offset() + " in the table");
        }
        Long size = constants.get(row.name() + "_SIZE");
        if (size != null && row.size().isPresent() && size != row.size().getAsLong()) {
            wrong.add(where + row.name() + "_SIZE is " + size + " in the code, " + row.size().getAsLong()
                    + " in the table");
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
