//! A value for each of the two versions.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Versions<T> {
    pub(super) old: T,
    pub(super) new: T,
}

impl<T> Versions<T> {
    /// Applies a function to each.
    pub(super) fn map<'v, R>(&'v self, f: impl Fn(&'v T) -> R) -> Versions<R> {
        Versions { old: f(&self.old), new: f(&self.new) }
    }
}

impl<T: PartialEq> Versions<T> {
    pub(super) fn differ(&self) -> bool {
        self.old != self.new
    }
}
