//! Finds the known name that was probably meant by an unknown one.

/// Returns a help text with the known name that was probably meant: ``did you mean `User`?``.
#[must_use]
pub fn suggestion<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    nearest(name, known).map(|known| format!("did you mean `{known}`?"))
}

/// Returns the known name with the smallest edit distance from an unknown one, if it is small enough for a typo.
#[must_use]
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let near = known.map(|known| (distance(name, known), known)).filter(|(distance, _)| *distance <= limit(name));
    near.min().map(|(_, known)| known)
}

/// Returns the largest edit distance at which a name of this length is taken for a typo.
pub(crate) fn limit(name: &str) -> usize {
    match name.len() {
        0..3 => 0,
        3..6 => 1,
        _ => 2,
    }
}

/// The longest name that is compared, in bytes.
const MOST: usize = 100;

/// Returns the edit distance (Levenshtein) of two names, ignoring ASCII case; 3 stands for all distances from 3 on.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 || a.len() > MOST {
        return 3;
    }
    let mut row: [usize; MOST + 3] = std::array::from_fn(|column| column);
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
        if row[..=b.len()].iter().all(|&distance| distance > 2) {
            return 3;
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
