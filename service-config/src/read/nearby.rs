//! Whether a name was meant to be another one.

/// Whether `written` is `name` but for case, separators, or one or two letters of a long name.
pub(super) fn is_near(written: &str, name: &str) -> bool {
    if written == name {
        return false;
    }
    let (written, name) = (folded(written), folded(name));
    let allowed = if name.len() < 6 { 1 } else { 2 };
    written.len().abs_diff(name.len()) <= allowed && distance(&written, &name) <= allowed
}

fn folded(name: &str) -> Vec<char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many letters to add, remove or replace to make `b` of `a`. rgrpc-schema has its own: this crate is below the runtime, which does not
/// compile the generator's crates for a few lines.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
