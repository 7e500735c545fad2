package terrane.wire.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import terrane.core.Address;
import terrane.core.Epoch;
import terrane.core.WalOffset;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// Makes a message of any type from a seed, by its record components; so a component that is added
/// later is covered without a word here.
final class RandomMessages {
    private static final int DEPTH_MAX = 8;

    private long state;

    RandomMessages(long seed) {
        state = seed;
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    private long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /// Numbers of every length, not mostly long ones.
    private long number() {
        return next() >> below(64);
    }

    Object message(Class<?> type) {
        return value(type, 0);
    }

    private Object value(Type type, int depth) {
        if (type instanceof ParameterizedType generic) {
            return container(generic, depth);
        }
        var plain = (Class<?>) type;
        if (plain == Epoch.class) {
            return new Epoch(number() & Long.MAX_VALUE);
        }
        if (plain == WalOffset.class) {
            return new WalOffset(number() & Long.MAX_VALUE);
        }
        if (plain == Address.class) {
            return new Address("host-" + below(100), below(65_536));
        }
        if (plain.isRecord()) {
            return record(plain, depth);
        }
        if (plain.isEnum()) {
            var constants = plain.getEnumConstants();
            return constants[below(constants.length)];
        }
        return plain.isSealed() ? oneOf(plain, depth) : leaf(plain);
    }

    private Object container(ParameterizedType type, int depth) {
        var raw = type.getRawType();
        var element = type.getActualTypeArguments()[0];
        if (raw == Optional.class) {
            return below(2) == 0 ? Optional.empty() : Optional.of(value(element, depth + 1));
        }
        if (raw == List.class) {
            return Stream.generate(() -> value(element, depth + 1)).limit(below(4)).toList();
        }
        if (raw == SortedMap.class) {
            var map = new TreeMap<String, String>();
            map.put(text(), text());
            return map;
        }
        throw new AssertionError("no way to make a " + type);
    }

    private Object record(Class<?> type, int depth) {
        var components = type.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
        var values =
                Arrays.stream(components).map(c -> value(c.getGenericType(), depth + 1)).toArray();
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no way to make a " + type, e);
        }
    }

    private Object oneOf(Class<?> type, int depth) {
        var choices = type.getPermittedSubclasses();
        // The last one of every sealed type refers to no other of its kind.
        return value(
                choices[depth > DEPTH_MAX ? choices.length - 1 : below(choices.length)], depth);
    }

    private Object leaf(Class<?> type) {
        return switch (type.getSimpleName()) {
            case "int", "Integer" -> (int) number() & Integer.MAX_VALUE;
            case "long", "Long" -> number();
            case "double" -> Double.longBitsToDouble(next() & 0x7FE_FFFF_FFFF_FFFFL);
            case "boolean", "Boolean" -> below(2) == 0;
            case "String" -> text();
            case "byte[]" -> text().repeat(below(20)).getBytes(UTF_8);
            case "Duration" -> Duration.ofNanos(number());
            case "Instant" -> Instant.ofEpochMilli(number());
            case "UUID" -> new UUID(next(), next());
            default -> throw new AssertionError("no way to make a " + type);
        };
    }

    private String text() {
        return List.of("", "a", "host = 'x'", "grüße", "温度", "🌋", "z".repeat(200)).get(below(7));
    }
}
