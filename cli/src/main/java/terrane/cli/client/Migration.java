package terrane.cli.client;

import terrane.core.PeerId;
import terrane.core.RegionId;
import terrane.core.time.Durations;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A move that is asked for.
///
/// @param maxPause a handover that is predicted to pause writes for longer does not begin
/// @param requestId makes asking again harmless
public record Migration(
        RegionId region,
        PeerId source,
        PeerId target,
        Duration replayTimeout,
        Optional<Duration> maxPause,
        boolean dryRun,
        String requestId) {
    Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put("region_id", region.toString());
        parameters.put("from_peer_id", source.toString());
        parameters.put("to_peer_id", target.toString());
        parameters.put("replay_timeout", Durations.format(replayTimeout));
        maxPause.ifPresent(pause -> parameters.put("max_pause", Durations.format(pause)));
        if (dryRun) {
            parameters.put("dry_run", "true");
        }
        parameters.put("request_id", requestId);
        return parameters;
    }
}
