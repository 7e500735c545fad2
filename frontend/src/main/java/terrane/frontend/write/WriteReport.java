package terrane.frontend.write;

import org.jspecify.annotations.Nullable;

import terrane.core.Epoch;
import terrane.core.ErrorCode;
import terrane.core.RegionId;
import terrane.core.TerraneException;
import terrane.core.TerraneException.Rejected;
import terrane.core.TerraneException.Unavailable;
import terrane.core.TerraneException.Uncertain;

import java.util.ArrayList;
import java.util.List;

/// What became of the rows of one request, told so that a client knows what to do.
final class WriteReport {
    private static final String REPEAT =
            "repeating the request under the same Idempotency-Key is safe";

    /// Regions that a message names before it only counts.
    private static final int NAMED_MAX = 8;

    private WriteReport() {}

    /// What became of the rows of one region. Filled by one thread, then read by another.
    static final class RegionReport {
        private final RegionId region;
        private final String table;
        private final long totalRows;
        private long writtenRows;
        private long triedRows;
        private Epoch epoch = Epoch.NONE;
        private @Nullable TerraneException error;

        RegionReport(RegionId region, String table, long totalRows) {
            this.region = region;
            this.table = table;
            this.totalRows = totalRows;
        }

        void trying(long rows) {
            triedRows = rows;
        }

        void written(long rows, Epoch under) {
            epoch = under;
            writtenRows += rows;
            triedRows = 0;
        }

        void failed(TerraneException e) {
            error = e;
        }

        long writtenRows() {
            return writtenRows;
        }

        /// Where and under whom, for whoever was told that it succeeded.
        WriteAnswer.Acknowledged acknowledged() {
            return new WriteAnswer.Acknowledged(region, epoch);
        }

        private long unknownRows() {
            return error instanceof Uncertain ? triedRows : 0;
        }

        private String rows(long count) {
            return "%d rows of table '%s' in region %s".formatted(count, table, region);
        }
    }

    /// @throws TerraneException if not everything was written
    static void check(List<RegionReport> reports) {
        var errors = new ArrayList<TerraneException>();
        for (var report : reports) {
            if (report.error != null) {
                errors.add(report.error);
            }
        }
        if (errors.isEmpty()) {
            return;
        }
        long written = reports.stream().mapToLong(RegionReport::writtenRows).sum();
        long unknown = reports.stream().mapToLong(RegionReport::unknownRows).sum();
        throw written == 0 && unknown == 0
                ? nothingWritten(errors)
                : partlyWritten(reports, errors, written);
    }

    /// A refusal tells more than a timeout, so it goes first.
    private static TerraneException worst(List<TerraneException> errors) {
        return errors.stream()
                .filter(Rejected.class::isInstance)
                .findFirst()
                .orElse(errors.getFirst());
    }

    private static TerraneException nothingWritten(List<TerraneException> errors) {
        var worst = worst(errors);
        var text = worst.text() + "; nothing was written";
        return worst instanceof Unavailable unavailable
                ? new Unavailable(worst.code(), text, unavailable.retryAfter(), worst)
                : new Rejected(worst.code(), text, worst);
    }

    private static TerraneException partlyWritten(
            List<RegionReport> reports, List<TerraneException> errors, long written) {
        var done = new ArrayList<String>();
        var open = new ArrayList<String>();
        var not = new ArrayList<String>();
        for (var report : reports) {
            long unknown = report.unknownRows();
            add(done, report, report.writtenRows);
            add(open, report, unknown);
            add(not, report, report.totalRows - report.writtenRows - unknown);
        }
        var worst = worst(errors);
        var text =
                "%s (%s); written: %s; not written: %s; unknown: %s; %s"
                        .formatted(
                                written > 0 ? "partly written" : "outcome unknown",
                                worst.text(),
                                join(done),
                                join(not),
                                join(open),
                                REPEAT);
        var code = written > 0 ? ErrorCode.PARTLY_WRITTEN : ErrorCode.OUTCOME_UNKNOWN;
        return errors.stream().allMatch(Rejected.class::isInstance)
                ? new Rejected(code, text, worst)
                : new Uncertain(code, text, worst);
    }

    private static void add(List<String> list, RegionReport report, long rows) {
        if (rows > 0) {
            list.add(report.rows(rows));
        }
    }

    private static String join(List<String> list) {
        if (list.isEmpty()) {
            return "nothing";
        }
        var named = String.join(", ", list.subList(0, Math.min(NAMED_MAX, list.size())));
        return list.size() <= NAMED_MAX
                ? named
                : named + " and in %d more regions".formatted(list.size() - NAMED_MAX);
    }
}
