package hearth.cf;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/// Messages made from a seed by reflection over the records, so that a record added later is tested without being
/// asked for. `fullest` ones have every optional part and the largest values.
final class RandomMessages {
    private final Random random;
    private final boolean fullest;

    RandomMessages(Random random, boolean fullest) {
        this.random = random;
        this.fullest = fullest;
    }

    /// Every record beneath a sealed interface.
    static List<Class<?>> recordsOf(Class<?> sealed) {
        List<Class<?>> records = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                records.add(permitted);
            } else {
                records.addAll(recordsOf(permitted));
            }
        }
        return records;
    }

    <T> T make(Class<T> record) {
        try {
            var components = record.getRecordComponents();
            var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            var values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = value(components[i].getGenericType(), components[i].getName(), record);
            }
            return record.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private Object value(Type type, String name, Class<?> record) {
        if (type == int.class) {
            return number(name, record);
        }
        if (type == long.class) {
            return fullest ? Long.MIN_VALUE + 1 : random.nextLong();
        }
        if (type == boolean.class) {
            return fullest || random.nextBoolean();
        }
        if (type == byte[].class) {
            return name.equals("clientAddress")
                    ? bytes(chance() ? 16 : 4)
                    : bytes(fullest ? 4096 : random.nextInt(4097));
        }
        if (type == int[].class) {
            return random.ints(fullest ? 16 : random.nextInt(17)).toArray();
        }
        if (type == String.class) {
            return "/volume-ü" + random.nextInt();
        }
        if (type == Name.class) {
            byte[] bytes = bytes(fullest ? 255 : 1 + random.nextInt(255));
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = bytes[i] == 0 || bytes[i] == '/' ? (byte) 'x' : bytes[i];
            }
            return new Name(bytes);
        }
        if (type == OptionalInt.class) {
            return chance() ? OptionalInt.of(random.nextInt()) : OptionalInt.empty();
        }
        if (type == OptionalLong.class) {
            return chance() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty();
        }
        if (type == SetAttributes.SetTime.class) {
            return chance()
                    ? new SetAttributes.SetTime.ClientTime(random.nextLong())
                    : new SetAttributes.SetTime.ServerTime();
        }
        if (type == CfStatus.class) {
            return CfStatus.values()[1 + random.nextInt(CfStatus.values().length - 1)];
        }
        if (type instanceof ParameterizedType parameterized) {
            return many(parameterized, name, record);
        }
        var wanted = (Class<?>) type;
        if (wanted.isEnum()) {
            return wanted.getEnumConstants()[random.nextInt(wanted.getEnumConstants().length)];
        }
        return make(wanted);
    }

    private Object many(ParameterizedType type, String name, Class<?> record) {
        var element = type.getActualTypeArguments()[0];
        if (type.getRawType() == Optional.class) {
            return chance() ? Optional.of(value(element, name, record)) : Optional.empty();
        }
        List<Object> list = new ArrayList<>();
        int count = random.nextInt(5);
        for (int i = 0; i < count; i++) {
            list.add(value(element, name, record));
        }
        return list;
    }

    private int number(String name, Class<?> record) {
        if (name.equals("countBytes") && record != CfRequest.Commit.class) {
            return fullest ? CfLimits.TRANSFER_BYTES_MAX : random.nextInt(CfLimits.TRANSFER_BYTES_MAX + 1);
        }
        if (name.equals("mode")) {
            return fullest ? 0xFFF : random.nextInt(0x1000);
        }
        if (name.equals("countMax") || name.equals("sizeMaxBytes")) {
            return fullest ? Integer.MAX_VALUE : random.nextInt(Integer.MAX_VALUE);
        }
        return fullest ? Integer.MIN_VALUE : random.nextInt();
    }

    private boolean chance() {
        return fullest || random.nextBoolean();
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
