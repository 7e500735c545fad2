package terrane.sim.mutation;

/// What takes the place of a call; its arguments are evaluated all the same.
public sealed interface Replacement {
    /// The call is true.
    record True() implements Replacement {}

    /// The call is false.
    record False() implements Replacement {}

    /// The call, which returns nothing, is left out.
    record Nothing() implements Replacement {}

    /// A method of [Substitutes] is called with the same receiver and arguments.
    ///
    /// @param withThis whether the object in whose method it is comes as the last argument
    record By(String substitute, boolean withThis) implements Replacement {}
}
