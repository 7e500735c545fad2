package terrane.cli.config;

import terrane.cli.process.Reasons;
import terrane.core.Address;
import terrane.core.ErrorCode;
import terrane.core.TerraneException;
import terrane.core.lease.Suspicion;
import terrane.core.time.Durations;
import terrane.datanode.Ack;
import terrane.engine.wal.KafkaWalConfig;
import terrane.metasrv.Leases;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The values of all settings, as defaults, file, environment and flags give them.
public final class Settings {
    private static final String KAFKA = "kafka.";
    private static final String KAFKA_VARIABLE = "TERRANE_KAFKA_";
    private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(B|KiB|MiB|GiB|TiB)?");

    private final Map<Setting, String> values;
    private final Map<String, String> kafka;

    private Settings(Map<Setting, String> values, Map<String, String> kafka) {
        this.values = new EnumMap<>(values);
        this.kafka = new TreeMap<>(kafka);
    }

    /// @param file of `key = value` lines; empty for none
    /// @param environment variables, of which those that start with `TERRANE_` count
    /// @param flags `key=value`
    /// @throws TerraneException.Rejected if a setting is not known
    public static Settings load(
            List<Path> file, Map<String, String> environment, List<String> flags) {
        var given = new TreeMap<String, String>();
        file.forEach(path -> given.putAll(read(path)));
        given.putAll(fromEnvironment(environment));
        for (var flag : flags) {
            int equals = flag.indexOf('=');
            if (equals < 1) {
                throw TerraneException.rejected(
                        ErrorCode.INVALID_ARGUMENT,
                        "not a setting: '%s' (example: --set datanode.id=1)",
                        flag);
            }
            given.put(flag.substring(0, equals).strip(), flag.substring(equals + 1).strip());
        }
        return of(given);
    }

    private static Map<String, String> fromEnvironment(Map<String, String> environment) {
        var given = new TreeMap<String, String>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(KAFKA_VARIABLE)) {
                var rest = variable.substring(KAFKA_VARIABLE.length());
                given.put(KAFKA + rest.toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        for (var setting : Setting.values()) {
            var value = environment.get(setting.variable());
            if (value != null) {
                given.put(setting.key(), value);
            }
        }
        return given;
    }

    /// What holds when nobody says anything.
    public static Settings defaults() {
        return of(Map.of());
    }

    /// @throws TerraneException.Rejected if a key is not known
    public static Settings of(Map<String, String> given) {
        var values = new EnumMap<Setting, String>(Setting.class);
        var kafka = new TreeMap<String, String>();
        for (var setting : Setting.values()) {
            values.put(setting, setting.fallback());
        }
        given.forEach((key, value) -> {
            var setting =
                    Arrays.stream(Setting.values()).filter(s -> s.key().equals(key)).findFirst();
            if (setting.isPresent()) {
                values.put(setting.get(), value);
            } else if (key.startsWith(KAFKA)) {
                kafka.put(key.substring(KAFKA.length()), value);
            } else {
                throw unknown(key);
            }
        });
        return new Settings(values, kafka);
    }

    private static TerraneException.Rejected unknown(String key) {
        var group = key.substring(0, Math.max(0, key.indexOf('.')));
        var similar = Setting.of(group).stream().map(Setting::key).toList();
        return TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT,
                "unknown setting: '%s'%s",
                key,
                similar.isEmpty() ? "" : " (there are: " + String.join(", ", similar) + ")");
    }

    private static Map<String, String> read(Path file) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new TerraneException.Rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "cannot read the configuration file %s: %s".formatted(file, Reasons.of(e)),
                    e);
        } catch (IllegalArgumentException e) {
            throw new TerraneException.Rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "malformed configuration file %s: %s; a backslash is written twice"
                            .formatted(file, e.getMessage()),
                    e);
        }
        var values = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(k -> values.put(k, properties.getProperty(k)));
        return values;
    }

    public String text(Setting setting) {
        return values.getOrDefault(setting, setting.fallback()).strip();
    }

    /// @throws TerraneException.Rejected if it is empty
    public String required(Setting setting) {
        var value = text(setting);
        if (value.isEmpty()) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "setting is missing: %s (%s); give it with --set %s=…, in --config, or as %s",
                    setting.key(),
                    setting.description(),
                    setting.key(),
                    setting.variable());
        }
        return value;
    }

    public Path folder(Setting setting) {
        return Path.of(required(setting)).toAbsolutePath();
    }

    public Address address(Setting setting) {
        return Address.parse(required(setting));
    }

    /// The address, or that of `other` where it is empty.
    public Address addressOr(Setting setting, Setting other) {
        return text(setting).isEmpty() ? address(other) : address(setting);
    }

    /// Where an HTTP service is; empty if nobody says.
    public Optional<URI> url(Setting setting) {
        var text = text(setting);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            var url = new URI(text);
            var scheme = url.getScheme();
            if (url.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            // Said below, with an example.
        }
        throw malformed(setting, "a URL, for example http://minio:9000");
    }

    public Duration duration(Setting setting) {
        return Durations.parse(setting.key(), required(setting));
    }

    public int number(Setting setting) {
        try {
            return Integer.parseUnsignedInt(required(setting));
        } catch (NumberFormatException e) {
            throw malformed(setting, "a whole number, for example 3");
        }
    }

    public boolean flag(Setting setting) {
        return switch (required(setting).toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed(setting, "true or false");
        };
    }

    public Ack ack() {
        return switch (required(Setting.DATANODE_ACK).toLowerCase(Locale.ROOT)) {
            case "lease" -> Ack.LEASE;
            case "readback" -> Ack.READBACK;
            default -> throw malformed(Setting.DATANODE_ACK, "lease or readback");
        };
    }

    /// In bytes.
    public long size(Setting setting) {
        var matcher = SIZE.matcher(required(setting));
        if (!matcher.matches()) {
            throw malformed(setting, "a size, for example 64MiB");
        }
        int shift =
                switch (matcher.group(2) == null ? "B" : matcher.group(2)) {
                    case "KiB" -> 10;
                    case "MiB" -> 20;
                    case "GiB" -> 30;
                    case "TiB" -> 40;
                    default -> 0;
                };
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
        } catch (ArithmeticException | NumberFormatException e) {
            throw malformed(setting, "a size below 8 EiB");
        }
    }

    private TerraneException.Rejected malformed(Setting setting, String expected) {
        return TerraneException.rejected(
                ErrorCode.INVALID_ARGUMENT,
                "malformed setting: %s=%s (expected %s)",
                setting.key(),
                text(setting),
                expected);
    }

    /// What the Kafka client is given besides the servers.
    public Map<String, String> kafkaClient() {
        return Map.copyOf(kafka);
    }

    /// How long a lease lasts.
    ///
    /// @throws TerraneException.Rejected if an append may be given up while the lease lasts: who
    ///   still tries to append must have lost its right already
    public Duration lease() {
        var lease = duration(Setting.LEASE);
        if (lease.compareTo(KafkaWalConfig.DELIVERY_TIMEOUT) >= 0) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s=%s is too long: it must be below %s, for which an append to Kafka is tried"
                            + " (example: %s=%s)",
                    Setting.LEASE.key(),
                    Durations.format(lease),
                    Durations.format(KafkaWalConfig.DELIVERY_TIMEOUT),
                    Setting.LEASE.key(),
                    Setting.LEASE.fallback());
        }
        return lease;
    }

    /// How long a lease lasts, and whose silence is suspicious meanwhile.
    public Leases leases() {
        int phi = number(Setting.FAILOVER_PHI);
        if (phi < 1) {
            throw malformed(Setting.FAILOVER_PHI, "a whole number from 1 on, for example 8");
        }
        return new Leases(lease(), new Suspicion.Parameters(phi, duration(Setting.FAILOVER_PAUSE)));
    }

    /// All metasrvs.
    public List<MetasrvMember> members() {
        var members = new ArrayList<MetasrvMember>();
        for (var member : required(Setting.METASRV_MEMBERS).split(",", -1)) {
            members.add(MetasrvMember.parse(member.strip()));
        }
        return members;
    }

    /// The same settings with some of them changed.
    public Settings with(Map<Setting, String> changes) {
        var changed = new EnumMap<>(values);
        changed.putAll(changes);
        return new Settings(changed, kafka);
    }

    /// As `key=value`, for another process; only what differs from the defaults.
    public List<String> asFlags() {
        var flags = new ArrayList<String>();
        values.forEach((setting, value) -> {
            if (!value.equals(setting.fallback())) {
                flags.add(setting.key() + "=" + value);
            }
        });
        kafka.forEach((key, value) -> flags.add(KAFKA + key + "=" + value));
        return flags;
    }
}
