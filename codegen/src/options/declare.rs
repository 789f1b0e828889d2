//! The declaration of the options in, a struct with their values and a table of what can be said of each out.

use super::path_rules::PathRules;

/// The meaning of an option's texts; `T` is the type that holds them.
pub(super) struct OptionKind<T> {
    /// The placeholder after `=` in a list of options.
    pub(super) placeholder: &'static str,
    /// Texts that it takes; one of them is not its default.
    pub(super) examples: &'static [&'static str],
    pub(super) is_repeatable: bool,
    /// Whether generated code depends on it; a file's name and a diagnostic are no code.
    pub(super) changes_code: bool,
    /// Takes a text, or says why not.
    pub(super) read: fn(&mut T, &str) -> Result<(), String>,
    /// The texts that make the value.
    pub(super) texts: fn(&T) -> Vec<String>,
    /// The rules for elements by path.
    pub(super) rules: fn(&T) -> Option<&PathRules>,
}

/// Makes the struct [`Options`], its default, its equality and the table [`OPTIONS`](super::OPTIONS) of rows such as
///
/// ```text
/// /// Generate clients.
/// client: bool = true, kinds::FLAG;
/// ```
///
/// The comment is the one sentence that the guide and the help have. The kind and the default decide the words behind it.
macro_rules! options {
    ($($(#[doc = $sentence:literal])+ $name:ident: $type:ty = $default:expr, $kind:expr;)+) => {
        /// The settings of the generator.
        ///
        /// The three doors fill it by name from one table, [`OPTIONS`]: the plugin from its parameter, the `build.rs` builder and
        /// the command line. Two are equal if all values are.
        #[derive(Debug, Clone)]
        pub struct Options {
            $($(#[doc = $sentence])+ pub(crate) $name: $type,)+
            /// The names of the options that were set and that can be set only once.
            pub(super) given: BTreeSet<&'static str>,
        }

        impl Default for Options {
            fn default() -> Self {
                Self { $($name: $default,)+ given: BTreeSet::new() }
            }
        }

        impl PartialEq for Options {
            fn eq(&self, other: &Self) -> bool {
                $(self.$name == other.$name)&&+
            }
        }

        impl Eq for Options {}

        /// Every option there is.
        pub const OPTIONS: &[OptionSpec] = &[$({
            const KIND: declare::OptionKind<$type> = $kind;
            OptionSpec {
                name: stringify!($name),
                value: KIND.placeholder,
                sentence: concat!($($sentence),+).trim_ascii(),
                examples: KIND.examples,
                is_repeatable: KIND.is_repeatable,
                changes_code: KIND.changes_code,
                read: |options, text| (KIND.read)(&mut options.$name, text),
                reset: |options| options.$name = $default,
                texts: |options| (KIND.texts)(&options.$name),
                rules: |options| (KIND.rules)(&options.$name),
            }
        },)+];
    };
}

pub(super) use options;
