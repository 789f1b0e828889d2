//! Records which options of an element are set, since an option can be set only once.

use std::collections::HashMap;

use crate::wire::{Value, records};

/// The set options of an element, or the set fields of a message option.
#[derive(Debug, Default)]
pub(super) struct SetOptions {
    fields: HashMap<i32, Self>,
    /// Further fields, serialized until one is looked up.
    unread: Vec<u8>,
    /// The number of statements that set this field.
    statements: i32,
}

impl SetOptions {
    /// Returns the record of an element with these serialized options.
    pub fn of(options: &[u8]) -> Self {
        Self { unread: options.to_vec(), ..Self::default() }
    }

    /// Adds serialized options.
    pub fn add(&mut self, options: &[u8]) {
        self.unread.extend_from_slice(options);
    }

    /// Returns whether the field at a path is set.
    pub fn contains(&mut self, path: &[i32]) -> bool {
        let Some((number, rest)) = path.split_first() else { return true };
        self.read();
        self.fields.get_mut(number).is_some_and(|field| field.contains(rest))
    }

    /// Returns the number of statements that set a repeated option before this one, and counts this one.
    pub fn count(&mut self, path: &[i32]) -> i32 {
        let option = path.iter().fold(self, |options, number| options.fields.entry(*number).or_default());
        option.statements += 1;
        option.statements - 1
    }

    fn read(&mut self) {
        for record in records(&std::mem::take(&mut self.unread)).map_while(Result::ok) {
            let field = self.fields.entry(record.number).or_default();
            if let Value::Bytes(inner) | Value::Group(inner) = record.value {
                field.add(inner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SetOptions;

    #[test]
    fn a_set_field_sets_the_messages_around_it() {
        // 1: { 2: 3 }
        let mut set = SetOptions::of(&[0x0a, 2, 0x10, 3]);
        assert!(set.contains(&[1]) && set.contains(&[1, 2]) && !set.contains(&[1, 3]) && !set.contains(&[2]));
        // 1: { 3: 4 }
        set.add(&[0x0a, 2, 0x18, 4]);
        assert!(set.contains(&[1, 2]) && set.contains(&[1, 3]) && !set.contains(&[1, 3, 4]));
    }

    #[test]
    fn statements_are_counted_by_path() {
        let mut set = SetOptions::default();
        assert_eq!([[1, 2], [1, 2], [1, 3], [1, 2]].map(|path| set.count(&path)), [0, 1, 0, 2]);
    }
}
