package terrane.cli.operate;

/// For whom a command writes.
enum Output {
    TEXT,
    JSON
}
