/// The rules of `docs/style.md` that a program can check, checked over the whole tree by
/// [TidyTest]. There is no list of suppressions: a rule that is wrong is changed here, for
/// everyone.
///
/// Sources are parsed, not resolved, so a rule sees names and not types. Where that makes it an
/// approximation, the rule says so.
@NullMarked
package terrane.tidy;

import org.jspecify.annotations.NullMarked;
