package terrane.core.formation;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// How far a member with a blank folder is. None of it need last: a member that starts again looks
/// again.
public sealed interface FormationState {
    /// Not everybody has answered.
    record Gathering(SortedSet<String> missing) implements FormationState {
        public Gathering {
            missing = Collections.unmodifiableSortedSet(new TreeSet<>(missing));
        }
    }

    /// One look found everybody blank.
    ///
    /// @param folders everybody's, this member's too
    record AllBlank(SortedMap<String, UUID> folders) implements FormationState {
        public AllBlank {
            folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
        }
    }

    /// The cluster is formed of these folders, and this member's is one of them: it is to be made
    /// durable, and then the member takes part.
    record Formed(SortedMap<String, UUID> folders) implements FormationState {
        public Formed {
            folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
        }
    }

    /// This member must not take part.
    ///
    /// @param by the member that remembers a cluster without this folder, or with other members
    /// @param folders of that cluster, as far as it knows them
    record Refused(String by, SortedMap<String, UUID> folders) implements FormationState {
        public Refused {
            folders = Collections.unmodifiableSortedMap(new TreeMap<>(folders));
        }
    }
}
