package terrane.core.formation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/// What a member says of its folder; durable before it is said.
public sealed interface Standing {
    /// It has never taken part in a cluster.
    ///
    /// @param folder drawn when the folder was first used, so that one that was emptied is another
    record Blank(UUID folder) implements Standing {}

    /// It has, or may have.
    ///
    /// @param folders with which the cluster was formed, by the members' ids; empty if this folder
    ///   joined later, was made from a backup, or is older than this record
    record Formed(SortedMap<String, UUID> folders) implements Standing {
        public static final Formed UNKNOWN = new Formed(Collections.emptySortedMap());

        public Formed {
            folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
        }
    }
}
