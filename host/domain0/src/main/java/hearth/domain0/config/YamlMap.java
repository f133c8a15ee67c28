package hearth.domain0.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// One mapping of the file, read key by key with the place of each, so that a message can say where it was wrong.
final class YamlMap {
    private final String file;
    private final String where;
    private final Node self;
    private final Map<String, Node> values = new LinkedHashMap<>();

    /// @param allowed every key that may stand here
    YamlMap(String file, String where, Node node, Set<String> allowed) throws ConfigException {
        this.file = file;
        this.where = where;
        this.self = node;
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, where.isEmpty() ? "the file" : where, "must be a mapping of keys to values");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(tuple.getKeyNode(), where, "has a key that is no plain word");
            }
            if (!allowed.contains(key.getValue())) {
                String known = String.join(", ", sorted(allowed));
                throw wrong(key, path(key.getValue()), "is unknown; allowed here: " + known);
            }
            if (values.put(key.getValue(), tuple.getValueNode()) != null) {
                throw wrong(key, path(key.getValue()), "is given twice");
            }
        }
    }

    private static List<String> sorted(Set<String> keys) {
        return keys.stream().sorted().toList();
    }

    private String path(String key) {
        return where.isEmpty() ? key : where + "." + key;
    }

    private ConfigException wrong(Node node, String key, String what) {
        String line = node.getStartMark()
                .map(mark -> ":" + (mark.getLine() + 1))
                .orElse("");
        return new ConfigException(file + line + ": " + key + " " + what);
    }

    /// The complaint about a value, naming file, line and key; a missing one is missed where its mapping starts.
    ConfigException wrong(String key, String what) {
        return wrong(values.getOrDefault(key, self), path(key), what);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Optional<String> text(String key) throws ConfigException {
        Node node = values.get(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            throw wrong(key, "must be one value");
        }
        return Optional.of(scalar.getValue());
    }

    long number(String key, long otherwise, long min, long max) throws ConfigException {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        long value;
        try {
            value = Long.parseLong(text.get());
        } catch (NumberFormatException e) {
            throw wrong(key, "is '" + text.get() + "'; it must be a whole number from " + min + " to " + max);
        }
        if (value < min || value > max) {
            throw wrong(key, "is " + value + "; allowed: " + min + " to " + max);
        }
        return value;
    }

    /// A size such as `512MiB`; a number without a unit is bytes.
    long size(String key, long otherwise, long min, long max) throws ConfigException {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        long value = Sizes.parse(text.get())
                .orElseThrow(() -> wrong(key, "is '" + text.orElse("") + "'; write a size such as 64MiB or 10GiB"));
        if (value < min || value > max) {
            throw wrong(key, "is " + text.get() + "; allowed: " + Sizes.format(min) + " to " + Sizes.format(max));
        }
        return value;
    }

    boolean flag(String key, boolean otherwise) throws ConfigException {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        return switch (text.get()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, "is '" + text.get() + "'; it must be true or false");
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

    Optional<YamlMap> map(String key, Set<String> allowed) throws ConfigException {
        Node node = values.get(key);
        return node == null ? Optional.empty() : Optional.of(new YamlMap(file, path(key), node, allowed));
    }

    List<YamlMap> maps(String key, Set<String> allowed) throws ConfigException {
        var list = new ArrayList<YamlMap>();
        for (Node node : items(key)) {
            list.add(new YamlMap(file, path(key) + "[" + list.size() + "]", node, allowed));
        }
        return list;
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
