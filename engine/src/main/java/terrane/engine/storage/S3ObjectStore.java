package terrane.engine.storage;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Objects in a bucket of S3, or of a store that answers as S3 does.
///
/// A create is a PUT with `If-None-Match: *`. Its answer is taken at its word and nothing more: 412
/// means that there was an object before; 409, which AWS answers while another create of the name
/// is under way, and everything that is not an answer leave the outcome unknown.
public final class S3ObjectStore implements ObjectStore {
    /// The largest object that S3 takes in one PUT; flushed and compacted files stay far below.
    public static final long UPLOAD_BYTES_MAX = 5L << 30;

    private static final System.Logger LOG = System.getLogger(S3ObjectStore.class.getName());

    private final S3Clients clients;
    private final String bucket;
    private final String prefix;
    private final Duration timeout;

    private S3ObjectStore(StorageConfig.S3 config, S3Clients clients) {
        this.clients = clients;
        this.bucket = config.bucket();
        this.prefix = config.prefix();
        this.timeout = config.timeout();
    }

    /// Asks nothing of the store yet.
    ///
    /// @throws TerraneException.Rejected if the prefix is not empty and no folder's name
    public static S3ObjectStore open(StorageConfig.S3 config) {
        ObjectNames.checkedPrefix(config.prefix());
        if (!config.prefix().isEmpty() && !config.prefix().endsWith("/")) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "storage prefix does not end with a slash: '%s'",
                    config.prefix());
        }
        return new S3ObjectStore(config, S3Clients.open(config));
    }

    @Override
    public Created create(String name, byte[] content) throws InterruptedException {
        String key = key(name);
        try {
            clients.once()
                    .putObject(
                            r -> r.bucket(bucket).key(key).ifNoneMatch("*"),
                            RequestBody.fromBytes(content));
            return Created.CREATED;
        } catch (S3Exception e) {
            return created(name, e);
        } catch (SdkException e) {
            rethrowInterrupt(e);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "outcome of create unknown: object={0} error={1}",
                    name,
                    e.getMessage());
            return Created.UNKNOWN;
        }
    }

    private Created created(String name, S3Exception e) throws InterruptedException {
        int status = e.statusCode();
        if (status == 412) {
            return Created.REFUSED;
        }
        // A server in trouble may have stored it before it fell over; one that says what is wrong
        // with the request has not.
        if (status == 409 || status == 408 || status >= 500) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "outcome of create unknown: object={0} status={1}",
                    name,
                    status);
            return Created.UNKNOWN;
        }
        throw failed("create", name, e);
    }

    @Override
    public void upload(String name, Path file) throws InterruptedException {
        String key = key(name);
        long size = size(name, file);
        try {
            clients.retrying()
                    .putObject(
                            r -> r.bucket(bucket).key(key).overrideConfiguration(transfer(size)),
                            RequestBody.fromFile(file));
        } catch (SdkException e) {
            throw failed("upload", name, e);
        }
    }

    private static long size(String name, Path file) {
        try {
            long size = Files.size(file);
            if (size > UPLOAD_BYTES_MAX) {
                throw TerraneException.rejected(
                        ErrorCode.TOO_LARGE,
                        "file exceeds one upload: object=%s sizeBytes=%d maxBytes=%d",
                        name,
                        size,
                        UPLOAD_BYTES_MAX);
            }
            return size;
        } catch (IOException e) {
            throw local("upload", name, e);
        }
    }

    @Override
    public Optional<byte[]> read(String name) throws InterruptedException {
        String key = key(name);
        try {
            var object =
                    clients.retrying()
                            .getObject(
                                    r -> r.bucket(bucket).key(key), ResponseTransformer.toBytes());
            return Optional.of(object.asByteArray());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (SdkException e) {
            throw failed("read", name, e);
        }
    }

    @Override
    public boolean download(String name, Path file) throws InterruptedException {
        String key = key(name);
        var part = Downloads.part(file);
        try {
            Files.deleteIfExists(part);
            clients.retrying()
                    .getObject(
                            r ->
                                    r.bucket(bucket)
                                            .key(key)
                                            .overrideConfiguration(transfer(UPLOAD_BYTES_MAX)),
                            ResponseTransformer.toFile(part));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchKeyException e) {
            return false;
        } catch (SdkException e) {
            throw failed("download", name, e);
        } catch (IOException e) {
            throw local("download", name, e);
        }
    }

    @Override
    public List<Listed> list(String under) throws InterruptedException {
        ObjectNames.checkedPrefix(under);
        var found = new ArrayList<Listed>();
        try {
            clients.retrying()
                    .listObjectsV2Paginator(r -> r.bucket(bucket).prefix(prefix + under))
                    .contents()
                    .forEach(object ->
                            found.add(
                                    new Listed(
                                            object.key().substring(prefix.length()),
                                            object.size(),
                                            object.lastModified())));
        } catch (SdkException e) {
            throw failed("list", under, e);
        }
        found.sort(Comparator.comparing(Listed::name)); // not every store sorts
        return found;
    }

    @Override
    public void delete(String name) throws InterruptedException {
        String key = key(name);
        try {
            clients.retrying().deleteObject(r -> r.bucket(bucket).key(key));
        } catch (SdkException e) {
            throw failed("delete", name, e);
        }
    }

    @Override
    public void close() {
        clients.close();
    }

    private String key(String name) {
        return prefix + ObjectNames.checked(name);
    }

    /// A transfer may take a second more for each MiB. One that stands still ends sooner, by the
    /// socket's timeout.
    private AwsRequestOverrideConfiguration transfer(long sizeBytes) {
        var whole = timeout.plusSeconds(sizeBytes >> 20);
        return AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(whole)
                .apiCallAttemptTimeout(whole)
                .build();
    }

    private TerraneException failed(String what, String name, SdkException e)
            throws InterruptedException {
        rethrowInterrupt(e);
        return new TerraneException.Unavailable(
                ErrorCode.STORAGE_UNAVAILABLE,
                "object store cannot %s: bucket=%s object=%s%s error=%s"
                        .formatted(what, bucket, prefix, name, e.getMessage()),
                Duration.ofMillis(200),
                e);
    }

    private static TerraneException local(String what, String name, IOException e) {
        return new TerraneException.Unavailable(
                ErrorCode.STORAGE_UNAVAILABLE,
                "local file fails during %s: object=%s error=%s".formatted(what, name, e),
                Duration.ofMillis(200),
                e);
    }

    private static void rethrowInterrupt(SdkException e) throws InterruptedException {
        if (e instanceof AbortedException) {
            // The exception says it from now on, so the flag must not say it again.
            Thread.interrupted();
            var interrupted = new InterruptedException("interrupted during a request to S3");
            interrupted.initCause(e);
            throw interrupted;
        }
    }
}
