package terrane.engine.storage;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where shared storage is.
public sealed interface StorageConfig {
    /// A folder that all nodes see: on one machine, or a network file system that has hard links
    /// and makes them durable by `fsync` of the folder.
    record Folder(Path root) implements StorageConfig {}

    /// A bucket of S3, or of a store that honours `If-None-Match: *` on PUT.
    ///
    /// @param endpoint for stores other than AWS's
    /// @param prefix before every name; empty, or ends with a slash
    /// @param pathStyle the bucket in the path instead of the host name, as most others want it
    /// @param timeout how long a small request may take, retries and all; a transfer gets a second
    ///   more for each MiB
    record S3(
            Optional<URI> endpoint,
            String region,
            String bucket,
            String prefix,
            boolean pathStyle,
            Credentials credentials,
            Duration timeout)
            implements StorageConfig {}

    /// With what the store is asked.
    sealed interface Credentials {
        /// What the environment offers, in the order of the AWS SDK: system properties, environment
        /// variables, web identity, profile, container, instance.
        record Environment() implements Credentials {}

        /// A key pair.
        record KeyPair(String keyId, String secret) implements Credentials {
            /// Without the secret, because configurations are logged.
            @Override
            public String toString() {
                return "KeyPair[keyId=" + keyId + "]";
            }
        }
    }
}
