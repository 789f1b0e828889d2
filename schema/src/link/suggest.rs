//! Explains why a name does not resolve, and suggests what was meant.

use super::report::Report;
use super::scope::{Missing, Scope};
use super::symbols::Definition;
use crate::nearest::{distance, limit};

/// Returns an error message about a name that does not resolve, and a help text.
pub(super) fn explain(
    scope: &Scope<'_, '_>,
    name: &str,
    missing: Missing,
    report: &mut Report<'_>,
) -> (String, Option<String>) {
    let pool = scope.pool;
    match missing {
        Missing::NotImported(symbol) => {
            let file = match symbol {
                Definition::Package(package) => pool.symbols.first_file(package),
                Definition::Element(id) => id.file,
            };
            let options_only = pool.dependencies[scope.file as usize].option_files.contains(file);
            let (file, name) = (&pool.file(file).name, scope.full_name(symbol));
            if options_only {
                let message = format!(
                    "`{name}` is declared in \"{file}\", of which `import option` makes only extensions visible"
                );
                return (message, Some(format!("use a plain import: `import \"{file}\";`")));
            }
            let message = format!("`{name}` is declared in \"{file}\", which is not imported");
            (message, Some(format!("add `import \"{file}\";`")))
        }
        Missing::Hidden(found) => {
            let message = format!("`{name}` resolves to `{found}`, which is not defined");
            (
                message,
                Some(format!("the innermost scope is searched first; write `.{name}` to start from the outermost")),
            )
        }
        Missing::Unknown if !report.may_compare(pool.symbols.len()) => (format!("`{name}` is not defined"), None),
        Missing::Unknown => {
            let last = name.rsplit('.').next().unwrap_or(name);
            let near = pool.symbols.elements().filter(|(known, _)| distance(last, known) <= limit(last));
            let best = near.min_by_key(|&(known, id)| {
                let seen = pool.dependencies[scope.file as usize].files.contains(id.file);
                (!seen, distance(last, known), id)
            });
            let help = best.map(|(known, id)| {
                let file = &pool.file(id.file).name;
                if pool.dependencies[scope.file as usize].files.contains(id.file) {
                    format!("did you mean `{}`?", pool.full_name(id))
                } else if known == last {
                    format!("`{}` is declared in \"{file}\": add `import \"{file}\";`", pool.full_name(id))
                } else {
                    format!("did you mean `{}` of \"{file}\"?", pool.full_name(id))
                }
            });
            (format!("`{name}` is not defined"), help)
        }
    }
}
