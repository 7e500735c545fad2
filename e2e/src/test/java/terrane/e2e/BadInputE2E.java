package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import terrane.e2e.cluster.Calls;
import terrane.e2e.cluster.SharedCluster;
import terrane.e2e.cluster.TestCluster;

import java.util.Map;

/// What a client sends wrongly is answered with a 4xx and a message that helps, and writes nothing.
@ExtendWith(SharedCluster.class)
class BadInputE2E {
    @Test
    void malformedLineNamesLineAndColumnAndNothingIsWritten(TestCluster cluster) throws Exception {
        var answer = lines(cluster, "bad_line,host=a x=1 1\nbad_line,host=a x= 2");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("line 2").contains("column").contains("othing");
        assertThat(cluster.sql("SHOW TABLES")).doesNotContain("bad_line");
    }

    @Test
    void fieldOfAnotherTypeThanItsColumnIsRefused(TestCluster cluster) throws Exception {
        assertThat(lines(cluster, "bad_type,host=a x=1 1").status()).isEqualTo(204);
        var answer = lines(cluster, "bad_type,host=a x=\"one\" 2");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("x");
        assertThat(cluster.sql("SELECT count(*) FROM bad_type")).contains("[[1]]");
    }

    @Test
    void oversizeRequestIsRefusedAsTooLarge(TestCluster cluster) throws Exception {
        var answer = lines(cluster, "x".repeat((64 << 20) + 1));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.body()).contains("larger");
    }

    @Test
    void statementThatIsNoSqlIsRefused(TestCluster cluster) throws Exception {
        refused(cluster, "SELEC 1", "SELEC");
        refused(cluster, "SELECT * FORM x", "x");
        refused(cluster, "INSERT INTO", "expected a table name");
    }

    @Test
    void namesThatAreNotThereAreNamed(TestCluster cluster) throws Exception {
        refused(cluster, "SELECT * FROM no_such_table", "no_such_table");
        cluster.sql("CREATE TABLE bad_column (h STRING, ts TIMESTAMP TIME INDEX, PRIMARY KEY (h))");
        refused(cluster, "SELECT nothing FROM bad_column", "nothing");
        refused(cluster, "INSERT INTO bad_column (h, ts, y) VALUES ('a', 1, 2)", "y");
    }

    @Test
    void valuesOfTheWrongTypeAreRefused(TestCluster cluster) throws Exception {
        cluster.sql(
                "CREATE TABLE bad_value (h STRING, ts TIMESTAMP TIME INDEX, x DOUBLE, PRIMARY KEY"
                        + " (h))");
        refused(cluster, "INSERT INTO bad_value (h, ts, x) VALUES ('a', 1, 'one')", "one");
        refused(cluster, "INSERT INTO bad_value (h, ts) VALUES ('a', 'soon')", "soon");
        assertThat(cluster.sql("SELECT count(*) FROM bad_value")).contains("[[0]]");
    }

    @Test
    void partitionRulesThatLeaveSomethingOutAreRefused(TestCluster cluster) throws Exception {
        refused(
                cluster,
                "CREATE TABLE bad_rule (h STRING, ts TIMESTAMP TIME INDEX, PRIMARY KEY (h))"
                        + " PARTITION ON COLUMNS (h) (h < 'a', h > 'a')",
                "h");
        assertThat(cluster.sql("SHOW TABLES")).doesNotContain("bad_rule");
    }

    private static void refused(TestCluster cluster, String sql, String named) throws Exception {
        var answer = cluster.calls().sql(cluster.frontendHttp(), sql, Map.of());
        assertThat(answer.status()).as("%s: %s", sql, answer.body()).isBetween(400, 499);
        assertThat(answer.body()).as(sql).contains("\"error\":").contains(named);
    }

    private static Calls.Answer lines(TestCluster cluster, String lines) throws Exception {
        var url = "http://" + cluster.frontendHttp() + "/v1/influxdb/write?precision=ms";
        return cluster.calls().post(url, lines, Map.of());
    }
}
