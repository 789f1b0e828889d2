//! The macro that expands the declaration of the options to the struct of their values and the table that describes them.

use super::path_rules::PathRules;

/// How the values of an option are read and printed; `T` is the type that holds them.
pub(super) struct OptionKind<T> {
    /// The placeholder after `=` in a list of options.
    pub(super) placeholder: &'static str,
    /// Valid values, at least one of which is not the default.
    pub(super) examples: &'static [&'static str],
    pub(super) is_repeatable: bool,
    /// Whether the generated code depends on the option. The names of files and the level of diagnostics do not affect it.
    pub(super) changes_code: bool,
    /// Adds or sets a value, or returns the reason for which it is invalid.
    pub(super) read: fn(&mut T, &str) -> Result<(), String>,
    /// The texts that, when read, result in the current value.
    pub(super) texts: fn(&T) -> Vec<String>,
    /// The rules, if the option applies by path.
    pub(super) rules: fn(&T) -> Option<&PathRules>,
}

/// Declares the struct [`Options`], its default, its equality and the table [`OPTIONS`](super::OPTIONS) from rows such as
///
/// ```text
/// /// Generate clients.
/// client: bool = true, kinds::FLAG;
/// ```
///
/// The comment is the sentence in the help and the guide. The kind and the default decide what [`OptionSpec::help`] appends to it.
macro_rules! options {
    ($($(#[doc = $sentence:literal])+ $name:ident: $type:ty = $default:expr, $kind:expr;)+) => {
        /// The options of the generator.
        ///
        /// All entry points set them by the names in [`OPTIONS`]: the plugin from its parameter, the builder for a `build.rs`, and the
        /// command line. Two sets of options are equal if all their values are.
        ///
        /// ```
        /// let mut options = rgrpc_codegen::Options::default();
        /// options.set("build_server", Some("false"))?;
        /// assert_eq!(options, rgrpc_codegen::Options::parse("build_server=false").unwrap());
        /// # Ok::<_, rgrpc_codegen::Diagnostic>(())
        /// ```
        #[derive(Debug, Clone)]
        pub struct Options {
            $($(#[doc = $sentence])+ pub(crate) $name: $type,)+
            /// The names of the options that have been set and cannot be set again.
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

        /// Every option of the generator, in the order of the guide.
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
