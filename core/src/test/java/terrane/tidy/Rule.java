package terrane.tidy;

import java.util.List;

/// One kind of thing that Java sources must or must not do.
interface Rule {
    /// @param sources all of them, since some rules look at one file in the light of another
    List<Finding> check(List<Source> sources);
}
