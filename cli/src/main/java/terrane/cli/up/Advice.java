package terrane.cli.up;

import java.util.ArrayList;
import java.util.List;

/// What to try with a cluster that has just come up.
final class Advice {
    private Advice() {}

    static List<String> lines(ClusterShape shape) {
        var frontend = shape.frontendHttp();
        var metasrv = shape.metasrvHttp(0);
        boolean usual = shape.portOffset() == 0;
        var lines = new ArrayList<String>();
        lines.add("try:");
        lines.add(
                "  curl -d 'cpu,host=a usage=0.5' 'http://%s/v1/influxdb/write?db=public'"
                        .formatted(frontend));
        lines.add(
                "  curl http://%s/v1/sql --data-urlencode 'sql=SELECT * FROM cpu'"
                        .formatted(frontend));
        lines.add("  curl 'http://%s/admin/route?table=cpu'".formatted(metasrv));
        lines.add("  terrane sql" + (usual ? "" : " --frontend " + frontend));
        lines.add(
                "  terrane region list%s; terrane region migrate --help"
                        .formatted(usual ? "" : " --frontend " + frontend));
        return lines;
    }
}
