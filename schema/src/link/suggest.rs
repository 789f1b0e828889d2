//! What was meant by a name that stands for nothing.

use super::scope::{Missing, Scope};
use super::symbols::Symbol;

/// Says why a name stands for nothing, and what to do about it.
pub(super) fn explain(scope: &Scope<'_, '_>, name: &str, missing: Missing) -> (String, Option<String>) {
    let world = scope.world;
    match missing {
        Missing::NotImported(symbol) => {
            let file = match symbol {
                Symbol::Package(package) => world.symbols.first_file(package),
                Symbol::Element(id) => id.file,
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

/// Returns the name that is nearest to one that is unknown, as a question.
pub(super) fn suggestion<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let near = known.map(|known| (distance(name, known), known)).filter(|(distance, _)| *distance <= limit(name));
    near.min().map(|(_, known)| format!("did you mean `{known}`?"))
}

/// How far a name may be from what was meant.
fn limit(name: &str) -> usize {
    match name.len() {
        0..3 => 0,
        3..6 => 1,
        _ => 2,
    }
}

/// Counts the letters to add, remove or replace, whatever their case; stops counting at 3.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 || a.len() > 100 {
        return 3;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()].min(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_suggested_if_it_is_near() {
        let known = ["User", "Group", "Account"];
        let suggest = |name| suggestion(name, known.into_iter());
        assert_eq!(suggest("Usr").as_deref(), Some("did you mean `User`?"));
        assert_eq!(suggest("account").as_deref(), Some("did you mean `Account`?"));
        assert_eq!(suggest("Accounting"), None);
        assert_eq!(suggest("X"), None);
    }
}
