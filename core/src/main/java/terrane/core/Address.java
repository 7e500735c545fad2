package terrane.core;

/// Where a role listens, as others reach it: host name or address, and port.
public record Address(String host, int port) {
    public Address {
        if (host.isBlank() || port < 0 || port > 65535) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT, "not an address: '%s:%d'", host, port);
        }
    }

    /// Reads `host:port`; an IPv6 host stands in brackets.
    ///
    /// @throws TerraneException.Rejected if it is not of that form
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            String host = text.substring(0, Math.max(colon, 0));
            return new Address(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw TerraneException.rejected(
                    ErrorCode.INVALID_ARGUMENT,
                    "not an address: '%s' (example: 127.0.0.1:3002)",
                    text);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
