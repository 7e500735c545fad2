package terrane.tidy;

/// A place that breaks a rule, and what to do instead.
///
/// @param line counted from 1; 0 where the finding is about a file as a whole
record Finding(String file, long line, String message) {
    @Override
    public String toString() {
        return line == 0 ? file + ": " + message : file + ":" + line + ": " + message;
    }
}
