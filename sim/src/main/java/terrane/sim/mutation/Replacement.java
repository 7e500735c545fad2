package terrane.sim.mutation;

/// What takes the place of a call while a mutation is on; its arguments are evaluated all the same.
public sealed interface Replacement {
    /// The call is true.
    record True() implements Replacement {}

    /// The call is false.
    record False() implements Replacement {}

    /// The call, which returns nothing, is left out.
    record Nothing() implements Replacement {}

    /// A method of [Substitutes] is called with the receiver, the arguments, and the object in
    /// whose method the call is.
    record By(String substitute) implements Replacement {}
}
