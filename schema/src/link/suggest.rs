//! Explains why a name does not resolve, and suggests what was meant.

use super::report::Report;
use super::scope::{Missing, Scope};
use super::symbols::Named;
use crate::nearest::{distance, limit};

/// Returns an error message about a name that does not resolve, and a help text.
pub(super) fn explain(
    scope: &Scope<'_, '_>,
    name: &str,
    missing: Missing,
    report: &mut Report<'_>,
) -> (String, Option<String>) {
    let world = scope.world;
    match missing {
        Missing::NotImported(symbol) => {
            let file = match symbol {
                Named::Package(package) => world.symbols.first_file(package),
                Named::Element(id) => id.file,
            };
            let options_only = world.reach[scope.file as usize].option_files.contains(file);
            let (file, name) = (&world.file(file).name, scope.full_name(symbol));
            if options_only {
                let message = format!("`{name}` of \"{file}\" is not seen: `import option` shows extensions only");
                return (message, Some(format!("write `import \"{file}\";`")));
            }
            let message = format!("`{name}` is declared in \"{file}\", which is not imported");
            (message, Some(format!("add `import \"{file}\";`")))
        }
        Missing::Hidden(found) => {
            let message = format!("`{name}` is taken for `{found}`, which does not exist");
            (message, Some(format!("the innermost scope decides; write `.{name}` to begin at the outermost")))
        }
        Missing::Unknown if !report.may_compare(world.symbols.len()) => (format!("`{name}` is not declared"), None),
        Missing::Unknown => {
            let last = name.rsplit('.').next().unwrap_or(name);
            let near = world.symbols.elements().filter(|(known, _)| distance(last, known) <= limit(last));
            let best = near.min_by_key(|&(known, id)| {
                let seen = world.reach[scope.file as usize].files.contains(id.file);
                (!seen, distance(last, known), id)
            });
            let help = best.map(|(known, id)| {
                let file = &world.file(id.file).name;
                if world.reach[scope.file as usize].files.contains(id.file) {
                    format!("did you mean `{}`?", world.full_name(id))
                } else if known == last {
                    format!("`{}` is declared in \"{file}\": add `import \"{file}\";`", world.full_name(id))
                } else {
                    format!("did you mean `{}` of \"{file}\"?", world.full_name(id))
                }
            });
            (format!("`{name}` is not declared"), help)
        }
    }
}
