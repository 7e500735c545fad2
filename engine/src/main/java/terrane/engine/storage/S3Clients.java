package terrane.engine.storage;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

import java.time.Duration;

/// The SDK's clients over one pool of connections: they differ in what they do about failures.
///
/// @param retrying tries again by itself: for whatever may be done twice
/// @param once tries once, because a create that the SDK repeats behind our back would be refused
///   by its own first try, and a lost answer would look like a lost race
record S3Clients(SdkHttpClient http, S3Client retrying, S3Client once) implements AutoCloseable {
    /// What one node runs at a time: a cached file's download for each of 16 scans, flushes of 8
    /// regions, and as much again for manifests.
    private static final int CONNECTIONS_MAX = 48;

    /// With the SDK's pauses of up to 100 ms, 200 ms and 400 ms between them.
    private static final int TRIES_MAX = 4;

    static S3Clients open(StorageConfig.S3 config) {
        var oneTry = config.timeout().dividedBy(2);
        var http =
                Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS_MAX)
                        .connectionTimeout(oneTry)
                        .connectionAcquisitionTimeout(config.timeout())
                        .socketTimeout(oneTry)
                        .build();
        return new S3Clients(
                http,
                client(config, http, TRIES_MAX, oneTry),
                client(config, http, 1, config.timeout()));
    }

    private static S3Client client(
            StorageConfig.S3 config, SdkHttpClient http, int tries, Duration oneTry) {
        var builder =
                S3Client.builder()
                        .httpClient(http)
                        .region(Region.of(config.region()))
                        .forcePathStyle(config.pathStyle())
                        .credentialsProvider(credentials(config.credentials()))
                        .overrideConfiguration(o ->
                                o.apiCallTimeout(config.timeout())
                                        .apiCallAttemptTimeout(oneTry)
                                        .retryStrategy(r -> r.maxAttempts(tries)));
        config.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(StorageConfig.Credentials credentials) {
        return switch (credentials) {
            case StorageConfig.Credentials.Environment _ ->
                    DefaultCredentialsProvider.builder().build();
            case StorageConfig.Credentials.KeyPair pair ->
                    StaticCredentialsProvider.create(
                            AwsBasicCredentials.create(pair.keyId(), pair.secret()));
        };
    }

    @Override
    public void close() {
        retrying.close();
        once.close();
        http.close();
    }
}
