/// `terrane sql`: a prompt, or statements from the command line or standard input.
@org.jspecify.annotations.NullMarked
package terrane.cli.sql;
