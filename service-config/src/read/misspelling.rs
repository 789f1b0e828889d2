//! Recognizes misspelt names.

/// Returns whether `written` differs from `name` only by case, separators and, depending on its length, one or two letters.
pub(super) fn is_misspelling(written: &str, name: &str) -> bool {
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

/// Returns the edit distance (Levenshtein) of two names. rgrpc-schema has the same function, but the runtime, which depends on this crate,
/// should not compile that one for a few lines.
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
