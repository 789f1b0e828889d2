//! Allocates the Rust names of one module, struct or impl. A name that clashes with no other is kept; of names that clash, the one
//! declared first is kept.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// A namespace of Rust: names clash only within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Namespace {
    /// Structs, enums and modules of one module.
    Type,
    /// Fields of one struct.
    Field,
    /// Methods of one struct, which prost's derive adds for its fields, or of a client.
    Method,
    /// Constants of one module.
    Constant,
    /// Variants of one enum. The enums of a message's oneofs share a scope, and are told apart by index.
    Variant(usize),
}

/// The Rust names that an element would need with a given name; `None` if no Rust name can be made of it.
pub(crate) type Claims = Option<Vec<(Namespace, String)>>;

/// An element that needs Rust names.
pub(crate) struct Candidate<'a, T> {
    /// The declared name.
    pub(crate) name: &'a str,
    /// The name that the option `rename` gives the element.
    pub(crate) rename: Option<String>,
    /// The properties that decide which Rust names the element needs.
    pub(crate) shape: T,
}

/// The names that are taken.
#[derive(Debug, Default)]
pub(crate) struct Scope(BTreeSet<(Namespace, String)>);

impl Scope {
    /// Marks a name as taken.
    pub(crate) fn reserve(&mut self, namespace: Namespace, name: String) {
        self.0.insert((namespace, name));
    }

    /// Returns the new name of each element that cannot keep the declared one.
    ///
    /// First, every element that the user renamed takes its name. Then every element whose declared name is free keeps that, and the
    /// others get the first free suffix. So an element that clashes with no other keeps its name, whatever is declared beside it.
    pub(crate) fn allocate<T>(
        &mut self,
        elements: &[Candidate<'_, T>],
        claims: impl Fn(&T, &str) -> Claims,
    ) -> Vec<Option<String>> {
        let mut names: Vec<Option<Cow<'_, str>>> = elements
            .iter()
            .map(|element| {
                let rename = element.rename.as_deref();
                rename.filter(|rename| self.take(claims(&element.shape, rename))).map(Cow::from)
            })
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

    /// Takes the names if all of them are free.
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

/// `foo_2`, `foo_3`, …; for a name without letters and digits, `underscore`, `underscore_2`, ….
fn candidates(name: &str) -> impl Iterator<Item = String> {
    let (base, first) = if name.contains(char::is_alphanumeric) {
        (name.to_owned(), None)
    } else {
        ("underscore".to_owned(), Some("underscore".to_owned()))
    };
    first.into_iter().chain((2_u64..).map(move |number| format!("{base}_{number}")))
}
