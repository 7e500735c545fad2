package terrane.sim.table;

/// One cell of the table.
public record Cell(Moment moment, Role role, Fault fault) {
    @Override
    public String toString() {
        return moment + "-" + role + "-" + fault;
    }
}
