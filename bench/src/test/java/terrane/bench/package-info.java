/// Tests of what the benchmarks count.
@org.jspecify.annotations.NullMarked
package terrane.bench;
