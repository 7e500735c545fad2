package terrane.cli.process;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Why a file cannot be used, in words: the messages of Java's exceptions are often the file's name
/// alone.
public final class Reasons {
    private Reasons() {}

    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "this user may not do that (permission denied)";
            case FileAlreadyExistsException at -> "it is in the way: " + at.getFile();
            case FileSystemException other when other.getReason() != null -> other.getReason();
            case CharacterCodingException _ -> "it is not UTF-8";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
