package terrane.core.catalog;

import terrane.core.TableId;

import java.util.List;

/// What has changed in the catalog since some version of it.
///
/// @param version what to ask from next time
/// @param complete whether `changed` names all tables there are, so that others are to be forgotten
public record CatalogDelta(
        long version, boolean complete, List<TableId> changed, List<TableId> dropped) {
    public boolean empty() {
        return !complete && changed.isEmpty() && dropped.isEmpty();
    }
}
