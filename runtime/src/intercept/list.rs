//! A list that allocates only for more than one item.

use std::{iter, mem, slice};

#[derive(Clone, Default)]
pub(super) enum List<T> {
    #[default]
    Empty,
    One(T),
    Many(Vec<T>),
}

impl<T> List<T> {
    pub(super) fn push(&mut self, item: T) {
        *self = match mem::take(self) {
            Self::Empty => Self::One(item),
            Self::One(first) => Self::Many(vec![first, item]),
            Self::Many(mut items) => {
                items.push(item);
                Self::Many(items)
            }
        };
    }

    pub(super) fn extend(&mut self, others: Self) {
        if self.is_empty() {
            *self = others;
        } else {
            others.into_iter().for_each(|item| self.push(item));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    pub(super) fn iter(&self) -> slice::Iter<'_, T> {
        match self {
            Self::Empty => [].iter(),
            Self::One(item) => slice::from_ref(item).iter(),
            Self::Many(items) => items.iter(),
        }
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = iter::Chain<std::option::IntoIter<T>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        let (first, rest) = match self {
            Self::Empty => (None, Vec::new()),
            Self::One(item) => (Some(item), Vec::new()),
            Self::Many(items) => (None, items),
        };
        first.into_iter().chain(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_order() {
        for count in 0..4 {
            let (mut one_by_one, mut extended) = (List::default(), List::default());
            for item in 0..count {
                one_by_one.push(item);
                extended.extend(List::One(item));
            }
            let expected: Vec<_> = (0..count).collect();
            assert_eq!(one_by_one.iter().copied().collect::<Vec<_>>(), expected);
            assert_eq!(one_by_one.is_empty(), count == 0);
            assert_eq!(one_by_one.into_iter().collect::<Vec<_>>(), expected);
            assert_eq!(extended.into_iter().collect::<Vec<_>>(), expected);
        }
    }
}
