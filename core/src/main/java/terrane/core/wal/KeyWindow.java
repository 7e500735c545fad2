package terrane.core.wal;

import terrane.core.Incarnation;
import terrane.core.WalOffset;
import terrane.core.bytes.ByteReader;
import terrane.core.bytes.ByteWriter;
import terrane.core.bytes.Fields;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The idempotency keys that a region remembers: those of its last [#KEYS_MAX] applied rows records
/// that had one. What is forgotten is a function of the log alone, so every replica forgets the
/// same. Not thread-safe.
public final class KeyWindow {
    /// 32,768 keys: about 3 MiB of heap and at most 0.5 MiB in a manifest, for half a minute of
    /// 1,000 writes a second, which is as long as a frontend retries.
    public static final int KEYS_MAX = 32_768;

    private final Map<WriteKey, WalOffset> offsets = new HashMap<>();
    private final ArrayDeque<Entry> order = new ArrayDeque<>();
    private WalOffset floor;

    /// A window that remembers everything from `floor` on, which is nothing yet.
    public KeyWindow(WalOffset floor) {
        this.floor = floor;
    }

    /// @param floor keys of records below it may have been forgotten
    /// @param entries in order of their offsets
    public record Image(WalOffset floor, List<Entry> entries) {
        private static final int FORM = 1;

        public Image {
            entries = List.copyOf(entries);
        }

        /// Writers are named once; offsets as differences: about eight bytes for each key.
        public void encode(ByteWriter out) {
            out.u8(FORM);
            Fields.offset(out, floor);
            var numbers = new HashMap<Incarnation, Integer>();
            var writers = new ArrayList<Incarnation>();
            for (var entry : entries) {
                if (numbers.putIfAbsent(entry.key().writer(), writers.size()) == null) {
                    writers.add(entry.key().writer());
                }
            }
            out.list(writers, Fields::incarnation);
            long previous = 0;
            out.varint(entries.size());
            for (var entry : entries) {
                out.varint(entry.offset().value() - previous);
                previous = entry.offset().value();
                out.varint(numbers.getOrDefault(entry.key().writer(), 0));
                out.varint(entry.key().sequence()).varint(entry.key().part());
            }
        }

        public static Image decode(ByteReader in) {
            in.version(FORM, "key window");
            var floor = Fields.offset(in);
            List<Incarnation> writers = in.list(Fields::incarnation);
            int count = in.count(4);
            var entries = new ArrayList<Entry>(count);
            long offset = 0;
            for (int i = 0; i < count; i++) {
                offset += in.varint();
                int writer = in.varint32();
                if (writer >= writers.size() || offset < 0) {
                    throw in.corrupt("key window entry " + i);
                }
                var key = new WriteKey(writers.get(writer), in.varint(), in.varint32());
                entries.add(new Entry(key, new WalOffset(offset)));
            }
            return new Image(floor, entries);
        }
    }

    /// A remembered key and the offset of the record that carried it.
    public record Entry(WriteKey key, WalOffset offset) {}

    public static KeyWindow of(Image image) {
        var window = new KeyWindow(image.floor());
        image.entries().forEach(entry -> window.add(entry.key(), entry.offset()));
        return window;
    }

    public Image image() {
        return new Image(floor, List.copyOf(order));
    }

    /// The offset of the record that carried this key, if it is remembered.
    public Optional<WalOffset> find(WriteKey key) {
        return Optional.ofNullable(offsets.get(key));
    }

    /// Below it keys may have been forgotten: whether a key first used there was applied, nobody
    /// knows any more.
    public WalOffset floor() {
        return floor;
    }

    /// Remembers the key of an applied record; offsets grow from call to call.
    public void add(WriteKey key, WalOffset offset) {
        offsets.put(key, offset);
        order.addLast(new Entry(key, offset));
        while (order.size() > KEYS_MAX) {
            var oldest = order.removeFirst();
            offsets.remove(oldest.key(), oldest.offset());
            floor = oldest.offset().next();
        }
    }
}
