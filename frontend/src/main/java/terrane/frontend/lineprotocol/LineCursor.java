package terrane.frontend.lineprotocol;

import terrane.core.ErrorCode;
import terrane.core.TerraneException;

import java.util.Arrays;

/// A position in the bytes of a request, and the token that was read last. Not thread-safe.
final class LineCursor {
    static final int COMMA = 1;
    static final int EQUALS = 2;
    static final int SPACE = 4;
    static final int END = 8;
    private static final int BACKSLASH = 16;
    private static final int QUOTE = 32;
    private static final byte[] CLASSES = new byte[256];

    static {
        CLASSES[','] = COMMA;
        CLASSES['='] = EQUALS;
        CLASSES[' '] = SPACE;
        CLASSES['\n'] = END;
        CLASSES['\r'] = END;
        CLASSES['\\'] = BACKSLASH;
        CLASSES['"'] = QUOTE;
    }

    final byte[] in;
    final int end;
    int at;

    /// The token: these bytes, which are the input's or, where something was escaped, a copy.
    byte[] text;

    int from;
    int length;

    private int line = 1;
    private int lineStart;
    private byte[] scratch = {};

    LineCursor(byte[] in, int length) {
        this.in = in;
        this.end = length;
        this.text = in;
    }

    /// The number of the current line, from 1.
    int line() {
        return line;
    }

    boolean atEnd() {
        return at >= end;
    }

    boolean at(char c) {
        return at < end && in[at] == c;
    }

    /// Whether nothing but the end of the line is here.
    boolean atLineEnd() {
        return at >= end
                || in[at] == '\n'
                || (in[at] == '\r' && at + 1 < end && in[at + 1] == '\n');
    }

    void skipSpaces() {
        while (at < end && (in[at] == ' ' || in[at] == '\t')) {
            at++;
        }
    }

    /// Goes to the beginning of the next line, past whatever stands in between.
    void skipLine() {
        while (at < end && in[at] != '\n') {
            at++;
        }
        if (at < end) {
            at++;
            line++;
            lineStart = at;
        }
    }

    /// Reads up to a byte of one of the classes; a backslash takes its meaning from such a byte.
    /// Afterwards the position is that byte, or the end.
    void token(int stops) {
        int p = at;
        int escapes = 0;
        while (p < end) {
            int kind = CLASSES[in[p] & 0xFF];
            if ((kind & (stops | BACKSLASH)) != 0) {
                if ((kind & stops) != 0) {
                    break;
                }
                if (escapes(p, stops & ~END)) {
                    escapes++;
                    p++;
                }
            }
            p++;
        }
        text = in;
        from = at;
        length = p - at;
        at = p;
        if (escapes > 0) {
            unescape(stops & ~END);
        }
    }

    private boolean escapes(int backslash, int escapable) {
        return backslash + 1 < end && (CLASSES[in[backslash + 1] & 0xFF] & escapable) != 0;
    }

    private void unescape(int escapable) {
        if (scratch.length < length) {
            scratch = new byte[length * 2];
        }
        int to = from + length;
        int size = 0;
        for (int p = from; p < to; p++) {
            if (in[p] == '\\' && p + 1 < to && escapes(p, escapable)) {
                p++;
            }
            scratch[size++] = in[p];
        }
        text = scratch;
        from = 0;
        length = size;
    }

    /// Reads a quoted string, which may span lines; the position is its opening quote.
    void quoted() {
        int opening = at;
        int openingLine = line;
        int openingLineStart = lineStart;
        int p = at + 1;
        boolean escaped = false;
        while (p < end && in[p] != '"') {
            if (in[p] == '\\' && escapes(p, QUOTE | BACKSLASH)) {
                escaped = true;
                p++;
            } else if (in[p] == '\n') {
                line++;
                lineStart = p + 1;
            }
            p++;
        }
        if (p >= end) {
            line = openingLine;
            lineStart = openingLineStart;
            throw fail(opening, "string is not closed by '\"'");
        }
        text = in;
        from = opening + 1;
        length = p - from;
        at = p + 1;
        if (escaped) {
            unescape(QUOTE | BACKSLASH);
        }
    }

    boolean tokenEquals(byte[] name) {
        return name.length == length && Arrays.equals(name, 0, length, text, from, from + length);
    }

    TerraneException.Rejected fail(int position, String what) {
        return fail(ErrorCode.INVALID_LINE_PROTOCOL, position, what);
    }

    /// @param position a byte of the current line; counted in characters for the message
    TerraneException.Rejected fail(ErrorCode code, int position, String what) {
        int column = 1;
        for (int p = lineStart; p < Math.min(position, end); p++) {
            column += (in[p] & 0xC0) == 0x80 ? 0 : 1;
        }
        return TerraneException.rejected(
                code, "line %d, column %d: %s; nothing was written", line, column, what);
    }
}
