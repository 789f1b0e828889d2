//! protoc agrees on mutants of valid files, and on odd texts: whether they are valid, on which line they are not, and what they mean.
//!
//! `MUTANTS=5000 SEED=1 cargo test -p rgrpc-schema --test mutants` tries more of them.

mod ours;
mod protoc;
mod random;

use rgrpc_schema::Diagnostic;

use protoc::{Protoc, first_line};
use random::{Random, pieces, setting, texts};

/// Removes, repeats, swaps or replaces tokens.
fn mutant(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut pieces = pieces(text);
    for _ in 0..=random.below(2) {
        let tokens: Vec<_> = (0..pieces.len()).filter(|&index| !pieces[index].trim_ascii().is_empty()).collect();
        if tokens.is_empty() {
            break;
        }
        let (first, second) = (tokens[random.below(tokens.len())], tokens[random.below(tokens.len())]);
        match random.below(5) {
            0 => _ = pieces.remove(first),
            1 => pieces.insert(first, pieces[first]),
            2 => pieces.swap(first, second),
            3 => pieces[first] = pieces[second],
            _ => {
                let next = tokens.iter().copied().find(|&token| token > first).unwrap_or(first);
                pieces.swap(first, next);
            }
        }
    }
    pieces.concat()
}

#[test]
fn protoc_agrees_on_mutants() {
    let protoc = Protoc::in_folder("mutants");
    let texts = texts();
    let mut random = Random::new(setting("SEED", 1));
    let mut wrong = Vec::new();
    for _ in 0..setting("MUTANTS", 200) {
        let mutant = mutant(&texts[random.below(texts.len())], &mut random);
        if let Some(difference) = difference(&protoc.compile(&mutant), &ours::compile(&mutant)) {
            wrong.push(format!("{difference}\n{}", String::from_utf8_lossy(&mutant)));
        }
    }
    assert!(wrong.is_empty(), "{} mutants:\n{}", wrong.len(), wrong.join("\n----\n"));
}

#[test]
fn protoc_agrees_on_odd_texts() {
    let protoc = Protoc::in_folder("odd");
    for text in include_str!("odd.txt").split("===\n").skip(1) {
        let text = text.trim_end().as_bytes();
        let difference = difference(&protoc.compile(text), &ours::compile(text));
        assert_eq!(difference, None, "{}", String::from_utf8_lossy(text));
    }
}

/// Returns how the outcomes differ.
fn difference(theirs: &Result<Vec<u8>, String>, ours: &Result<Vec<u8>, Vec<Diagnostic>>) -> Option<String> {
    match (theirs, ours) {
        (Ok(theirs), Ok(ours)) => (theirs != ours).then(|| "other bytes".to_owned()),
        (Ok(_), Err(errors)) => Some(format!("refused: {}", errors[0])),
        (Err(printed), Ok(_)) => Some(format!("accepted: {printed}")),
        (Err(printed), Err(errors)) => {
            let line = errors.first().and_then(|error| error.position.as_ref()?.line_column).map(|(line, _)| line);
            // If protoc names no line, any line is right.
            let theirs = first_line(printed);
            (theirs.is_some() && theirs != line).then(|| format!("another line: {} for {printed}", errors[0]))
        }
    }
}
