package terrane.e2e.cluster;

import terrane.engine.storage.StorageConfig;

import java.nio.file.Path;
import java.util.List;

/// Where the cluster keeps its files.
public sealed interface StorageChoice {
    /// As settings of the command line.
    List<String> settings(Path folder);

    /// A folder on this machine.
    record LocalFolder() implements StorageChoice {
        @Override
        public List<String> settings(Path folder) {
            return List.of(
                    "storage.kind=local", "storage.local.folder=" + folder.resolve("storage"));
        }
    }

    /// A server that speaks S3.
    record S3(StorageConfig.S3 config) implements StorageChoice {
        @Override
        public List<String> settings(Path folder) {
            var keys = (StorageConfig.Credentials.KeyPair) config.credentials();
            return List.of(
                    "storage.kind=s3",
                    "storage.s3.endpoint=" + config.endpoint().orElseThrow(),
                    "storage.s3.region=" + config.region(),
                    "storage.s3.bucket=" + config.bucket(),
                    "storage.s3.prefix=" + config.prefix(),
                    "storage.s3.path.style=" + config.pathStyle(),
                    "storage.s3.access.key=" + keys.keyId(),
                    "storage.s3.secret.key=" + keys.secret());
        }
    }
}
