package terrane.e2e;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A process that speaks S3 over a folder, for [S3Process]. Its arguments are the folder, the
/// address that it listens on and, for one that is started again, the port that it had. It prints
/// its endpoint as its first line, and ends when its standard input does, that is, also when
/// whoever started it is killed.
public final class S3Server {
    static final String BUCKET = "terrane";
    static final String KEY_ID = "terrane";
    static final String SECRET = "terrane-secret";
    static final String READY = "endpoint=";

    private S3Server() {}

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        var folder = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
        Files.createDirectories(folder.resolve(BUCKET)); // a bucket is a folder
        var address = "http://" + arguments[1] + ":";
        var proxy =
                S3Proxy.builder()
                        .endpoint(URI.create(address + port(arguments)))
                        .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
                        .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                        .build();
        proxy.start();
        System.out.println(READY + address + proxy.getPort());
        System.out.flush();
        awaitEnd();
        proxy.stop();
        System.exit(0);
    }

    private static String port(String[] arguments) {
        return arguments.length > 2 ? arguments[2] : "0";
    }

    private static void awaitEnd() throws IOException {
        byte[] ignored = new byte[16];
        int read;
        do {
            read = System.in.read(ignored);
        } while (read >= 0);
    }
}
