package terrane.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.domain.WritePrecision;
import com.influxdb.client.write.Point;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import terrane.e2e.cluster.SharedCluster;
import terrane.e2e.cluster.TestCluster;

import java.util.ArrayList;

/// The official InfluxDB client writes into a table that nobody made, and the rows are there.
@ExtendWith(SharedCluster.class)
class InfluxClientE2E {
    private static final long BEGAN_MILLIS = 1_700_000_000_000L;

    @Test
    void pointsOfTheOfficialClientBecomeRows(TestCluster cluster) throws Exception {
        var points = new ArrayList<Point>();
        for (int i = 0; i < 1_000; i++) {
            points.add(
                    Point.measurement("influx")
                            .addTag("host", "h" + i % 10)
                            .addField("usage", i / 10.0)
                            .addField("count", (long) i)
                            .time(BEGAN_MILLIS + i, WritePrecision.MS));
        }
        var url = "http://" + cluster.frontendHttp();
        try (var client = InfluxDBClientFactory.create(url, "any".toCharArray(), "any", "public")) {
            client.getWriteApiBlocking().writePoints(points);
        }

        assertThat(cluster.sql("SELECT count(*), sum(\"count\"), max(usage) FROM influx"))
                .contains("[1000,499500,99.9]");
        assertThat(cluster.sql("SELECT count(DISTINCT host) FROM influx")).contains("[[10]]");
    }

    @Test
    void fieldsOfOnePointThatComeApartAreMerged(TestCluster cluster) throws Exception {
        var url = "http://" + cluster.frontendHttp();
        try (var client = InfluxDBClientFactory.create(url, "any".toCharArray(), "any", "public")) {
            var write = client.getWriteApiBlocking();
            write.writeRecord(WritePrecision.MS, "merged,host=a x=1 " + BEGAN_MILLIS);
            write.writeRecord(WritePrecision.MS, "merged,host=a y=2 " + BEGAN_MILLIS);
        }
        assertThat(cluster.sql("SELECT host, x, y FROM merged")).contains("[[\"a\",1.0,2.0]]");
    }
}
