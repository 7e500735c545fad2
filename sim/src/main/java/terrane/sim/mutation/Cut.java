package terrane.sim.mutation;

/// One change of one method: every call of another in it is replaced, or the whole method.
///
/// @param type in which, by its full name
/// @param method in which, its lambdas included; `<init>` for a constructor
/// @param call which is replaced, as `Type.method`; [#WHOLE] for the method itself
/// @param places how many there are: with more or fewer it was written for another product
record Cut(String type, String method, String call, int places, Replacement by) {
    /// Instead of the method's body.
    static final String WHOLE = "";

    /// The same at so many places.
    Cut at(int number) {
        return new Cut(type, method, call, number, by);
    }

    boolean isWhole() {
        return call.equals(WHOLE);
    }

    boolean isIn(String name) {
        return name.equals(method) || (!isWhole() && name.startsWith("lambda$" + method + "$"));
    }
}
