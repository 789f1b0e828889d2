//! The Rust names taken in one module, struct and impl: who clashes with nobody keeps its name, and of those that clash,
//! who is declared first.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// A namespace of Rust: two names are only equal in the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Namespace {
    /// Structs, enums and modules of one module.
    Type,
    /// Fields of one struct.
    Field,
    /// Methods of one struct, which prost-derive makes from its fields, or of a client.
    Method,
    /// Constants of one module.
    Constant,
    /// Variants of one enum: `Foo`'s own, or those of the oneof of this index.
    Variant(usize),
}

/// The names an element needs, or nothing where a name cannot be used for it.
pub(crate) type Claims = Option<Vec<(Namespace, String)>>;

/// An element that needs names.
pub(crate) struct Candidate<'a, T> {
    /// The name it is declared with.
    pub(crate) name: &'a str,
    /// The name the user wants for it.
    pub(crate) pin: Option<String>,
    /// The properties that decide which Rust names it needs.
    pub(crate) shape: T,
}

#[derive(Debug, Default)]
pub(crate) struct Scope(BTreeSet<(Namespace, String)>);

impl Scope {
    /// Marks a name as taken by something that is not renamed.
    pub(crate) fn reserve(&mut self, namespace: Namespace, name: String) {
        self.0.insert((namespace, name));
    }

    /// Returns a new name for each element that cannot have its own.
    ///
    /// Those whose name the user pinned come first. Then all who can keep their name do so, and the others get the first
    /// suffix that is free. An element that clashes with nobody thus never changes, whatever is declared beside it.
    pub(crate) fn allocate<T>(
        &mut self,
        elements: &[Candidate<'_, T>],
        claims: impl Fn(&T, &str) -> Claims,
    ) -> Vec<Option<String>> {
        let mut names: Vec<Option<Cow<'_, str>>> = elements
            .iter()
            .map(|element| element.pin.as_deref().filter(|pin| self.take(claims(&element.shape, pin))).map(Cow::from))
            .collect();
        for (element, name) in elements.iter().zip(&mut names) {
            if name.is_none() && self.take(claims(&element.shape, element.name)) {
                *name = Some(element.name.into());
            }
        }
        for (element, name) in elements.iter().zip(&mut names).filter(|(_, name)| name.is_none()) {
            let free = candidates(element.name).find(|candidate| self.take(claims(&element.shape, candidate)));
            *name = free.map(Cow::from);
        }
        let names = names.into_iter().zip(elements);
        names.map(|(name, element)| Some(name.filter(|name| *name != element.name)?.into_owned())).collect()
    }

    fn take(&mut self, claims: Claims) -> bool {
        let Some(claims) = claims else { return false };
        let free = |(index, claim)| !self.0.contains(claim) && !claims[..index].contains(claim);
        let all_free = claims.iter().enumerate().all(free);
        if all_free {
            self.0.extend(claims);
        }
        all_free
    }
}

/// `foo_2`, `foo_3`, …; for a name without a letter or a digit, `underscore`, `underscore_2`, ….
fn candidates(name: &str) -> impl Iterator<Item = String> {
    let (base, first) = if name.contains(char::is_alphanumeric) {
        (name.to_owned(), None)
    } else {
        ("underscore".to_owned(), Some("underscore".to_owned()))
    };
    first.into_iter().chain((2_u64..).map(move |number| format!("{base}_{number}")))
}
