package terrane.sim.history;

import java.util.Set;

/// Clients may see errors of these kinds for a while: a frontend is dead, a broker is down.
public record Allowance(Span span, Set<ClientError.Kind> kinds) {
    public Allowance {
        kinds = Set.copyOf(kinds);
    }

    boolean covers(ClientError error) {
        return kinds.contains(error.kind()) && span.overlaps(error.span());
    }
}
