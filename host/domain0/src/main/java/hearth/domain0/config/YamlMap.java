package hearth.domain0.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// One mapping of the file, read key by key with the place of each, so that a message can say where it was wrong.
final class YamlMap {
    private final Document document;
    private final String where;
    private final Node self;
    private final Map<String, Node> values = new LinkedHashMap<>();

    /// @param allowed every key that may stand here
    YamlMap(Document document, String where, Node node, Set<String> allowed) throws ConfigException {
        this.document = document;
        this.where = where;
        this.self = node;
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, where.isEmpty() ? "the file" : where, "must be a mapping of keys to values");
        }
        document.standsAt(where, line(node));
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(tuple.getKeyNode(), where, "has a key that is no plain word");
            }
            if (!allowed.contains(key.getValue())) {
                String known = String.join(", ", sorted(allowed));
                document.complain(wrong(key, path(key.getValue()), "is unknown; allowed here: " + known));
                continue;
            }
            document.standsAt(path(key.getValue()), line(tuple.getValueNode()));
            if (values.put(key.getValue(), tuple.getValueNode()) != null) {
                document.complain(wrong(key, path(key.getValue()), "is given twice"));
            }
        }
    }

    private static List<String> sorted(Set<String> keys) {
        return keys.stream().sorted().toList();
    }

    private String path(String key) {
        return where.isEmpty() ? key : where + "." + key;
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private ConfigException wrong(Node node, String key, String what) {
        return new ConfigException(
                new ReadConfig.Complaint(new Places.Place(document.file(), line(node), key), what));
    }

    /// The complaint about a value, naming file, line and key; a missing one is missed where its mapping starts.
    ConfigException wrong(String key, String what) {
        return wrong(values.getOrDefault(key, self), path(key), what);
    }

    /// Takes note of the complaint about a value; its default stands in for it.
    void complain(String key, String what) {
        document.complain(wrong(key, what));
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<String> text(String key) {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            complain(key, "must be one value");
            return Optional.empty();
        }
        return Optional.of(scalar.getValue());
    }

    long number(String key, long otherwise, long min, long max) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        long value;
        try {
            value = Long.parseLong(text.get());
        } catch (NumberFormatException e) {
            complain(key, "is '" + text.get() + "'; it must be a whole number from " + min + " to " + max);
            return otherwise;
        }
        if (value < min || value > max) {
            complain(key, "is " + value + "; allowed: " + min + " to " + max);
            return otherwise;
        }
        return value;
    }

    /// A size such as `512MiB`; a number without a unit is bytes.
    long size(String key, long otherwise, long min, long max) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        OptionalLong value = Sizes.parse(text.get());
        if (value.isEmpty()) {
            complain(key, "is '" + text.get() + "'; write a size such as 64MiB or 10GiB");
            return otherwise;
        }
        if (value.getAsLong() < min || value.getAsLong() > max) {
            complain(key, "is " + text.get() + "; allowed: " + Sizes.format(min) + " to " + Sizes.format(max));
            return otherwise;
        }
        return value.getAsLong();
    }

    boolean flag(String key, boolean otherwise) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        return switch (text.get()) {
            case "true" -> true;
            case "false" -> false;
            default -> {
                complain(key, "is '" + text.get() + "'; it must be true or false");
                yield otherwise;
            }
        };
    }

    List<String> texts(String key) throws ConfigException {
        var list = new ArrayList<String>();
        for (Node node : items(key)) {
            if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
                throw wrong(key, "must be a list of plain values");
            }
            list.add(scalar.getValue());
        }
        return list;
    }

    /// The mapping at a key; one that is none is complained about and missing.
    Optional<YamlMap> map(String key, Set<String> allowed) {
        Node node = values.get(key);
        try {
            return node == null ? Optional.empty() : Optional.of(new YamlMap(document, path(key), node, allowed));
        } catch (ConfigException e) {
            document.complain(e);
            return Optional.empty();
        }
    }

    /// What is done with each mapping of a list.
    @FunctionalInterface
    interface Item {
        void read(YamlMap map, int index) throws ConfigException;
    }

    /// Reads each mapping of the list at a key; one that is wrong is complained about and left out. Returns how many
    /// the list has.
    int each(String key, Set<String> allowed, Item item) {
        int index = 0;
        try {
            for (Node node : items(key)) {
                try {
                    item.read(new YamlMap(document, path(key) + "[" + index + "]", node, allowed), index);
                } catch (ConfigException e) {
                    document.complain(e);
                }
                index++;
            }
        } catch (ConfigException e) {
            document.complain(e);
        }
        return index;
    }

    /// What one part of a mapping says.
    @FunctionalInterface
    interface Part<T> {
        T read() throws ConfigException;
    }

    /// Reads a part; one that is wrong is complained about, and `otherwise` stands in for it.
    <T> T part(T otherwise, Part<T> part) {
        try {
            return part.read();
        } catch (ConfigException e) {
            document.complain(e);
            return otherwise;
        }
    }

    private List<Node> items(String key) throws ConfigException {
        Node node = values.get(key);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong(key, "must be a list");
        }
        return sequence.getValue();
    }
}
