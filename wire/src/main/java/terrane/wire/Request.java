package terrane.wire;

/// A message that is answered.
///
/// @param <R> what answers it
public interface Request<R extends Reply> {}
