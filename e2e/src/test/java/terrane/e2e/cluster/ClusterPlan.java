package terrane.e2e.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a cluster is to be like.
///
/// @param name of its folder, where the logs are afterwards
/// @param more `key=value` for a role beside what all clusters of tests have, which it overrides
/// @param place where its processes run; closed with the cluster
public record ClusterPlan(
        String name, StorageChoice storage, Map<String, List<String>> more, Place place) {
    public ClusterPlan {
        more = Map.copyOf(more);
    }

    /// On this machine as it is, with the usual settings.
    public static ClusterPlan usual(String name, StorageChoice storage) {
        return new ClusterPlan(name, storage, Map.of(), new Place.OneHost());
    }

    /// With other settings for one role.
    public ClusterPlan with(String role, String... settings) {
        var changed = new HashMap<>(more);
        var all = new ArrayList<>(more.getOrDefault(role, List.of()));
        all.addAll(List.of(settings));
        changed.put(role, all);
        return new ClusterPlan(name, storage, changed, place);
    }

    public ClusterPlan at(Place elsewhere) {
        return new ClusterPlan(name, storage, more, elsewhere);
    }

    List<String> settings(String role) {
        return more.getOrDefault(role, List.of());
    }
}
