package terrane.engine.storage;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A server that speaks S3 over a folder, on a free port of the loopback interface.
final class S3Server {
    static final String BUCKET = "terrane";
    private static final String KEY_ID = "terrane";
    private static final String SECRET = "terrane-secret";

    /// Held on to, because a logger that nobody holds forgets its level.
    private static final Logger LOGS = Logger.getLogger("org.gaul");

    private final S3Proxy proxy;

    S3Server(Path folder) throws Exception {
        LOGS.setLevel(Level.WARNING);
        proxy =
                S3Proxy.builder()
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
                        .blobStore(new FilesystemNio2BlobStore(folder.toAbsolutePath().toString()))
                        .build();
        proxy.start();
        makeBucket();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    StorageConfig.S3 config(String prefix) {
        return config(endpoint(), prefix, Duration.ofSeconds(20));
    }

    /// The server seen through something else, or with less patience.
    static StorageConfig.S3 config(URI endpoint, String prefix, Duration timeout) {
        return new StorageConfig.S3(
                Optional.of(endpoint),
                "us-east-1",
                BUCKET,
                prefix,
                true,
                new StorageConfig.Credentials.KeyPair(KEY_ID, SECRET),
                timeout);
    }

    private void makeBucket() {
        try (var http = Apache5HttpClient.builder().build();
                var client =
                        S3Client.builder()
                                .httpClient(http)
                                .endpointOverride(endpoint())
                                .forcePathStyle(true)
                                .region(Region.US_EAST_1)
                                .credentialsProvider(
                                        StaticCredentialsProvider.create(
                                                AwsBasicCredentials.create(KEY_ID, SECRET)))
                                .build()) {
            client.createBucket(r -> r.bucket(BUCKET));
        }
    }

    void stop() throws Exception {
        proxy.stop();
    }
}
