//! Chooses names that have a meaning in Rust or in generated code, or that clash with each other.

use std::collections::BTreeSet;

use crate::random::Random;

const KEYWORDS: &str = "abstract as async await become box break const continue crate do dyn else enum extern false final fn \
    for gen if impl in let loop macro match mod move mut override priv pub raw ref return safe self static struct super trait \
    true try type typeof union unsafe unsized use virtual where while yield Self";

const PRELUDE: &str = "Option Some None Result Ok Err String Vec Box Default Clone Copy Send Sync Sized Drop Fn FnMut FnOnce \
    Iterator IntoIterator Into From TryFrom TryInto AsRef ToOwned ToString Eq Ord PartialEq PartialOrd Debug Hash i32 u8 str \
    bool f64 usize char drop vec panic assert matches";

const OURS: &str = "Message Enumeration Oneof Name new clone default encode encode_raw encode_to_vec encoded_len merge \
    merge_field clear decode from into try_from fmt eq ne hash cmp as_str_name from_str_name is_valid type_url full_name NAME \
    PACKAGE SERVICE service channel call request response requests method dispatch Reply Request Response Status Streaming \
    Channel Client Server Dispatch methods client server routes generated generated_ core std alloc rgrpc prost tonic T S R r f \
    value shown len is_empty iter next poll FILE_DESCRIPTOR_SET SERVICE_CONFIG GENERATED_CONFIG ServiceDescriptor";

const ALIKE: &str = "foo Foo FOO foo_bar fooBar FooBar FOO_BAR foo__bar foo_bar_ _foo_bar foo_bar_2 fooBar2 foo_2 get_foo \
    set_foo push_foo insert_foo GetFoo FooClient FooServer FooRoutes FooDyn foo_client foo_server foo_methods Foo_Methods \
    FooOneOf foo_one_of";

const ODD: &str = "_ __ _1 __1 a1 a_1 A1 a1b2 x1Y type_ self_ Self_ match_ Type_ X_ HTTPRoute iOS ABC a A \
    a_very_long_name_that_does_not_fit_into_a_line_beside_its_type_and_makes_it_wide \
    AVeryLongNameThatDoesNotFitIntoALineBesideItsTypeAndMakesItWide";

const PACKAGES: &[&str] = &[
    "", "", "std", "core", "alloc", "rgrpc", "tonic", "prost", "a", "a.b", "a.b.c", "a.B.v1", "foo", "foo.bar", "google",
    "google.api", "google.protobuf.more", "crate", "self", "super.self", "type.v1", "Option", "String.Vec", "generated", "generated_",
    "std.core.v1", "client.server", "aux", "_", "a._", "i32", "Self",
];

const COMMENTS: &[&str] = &[
    "Says what it is.",
    "A [link](https://example.com/a_b), a [broken one], `code`, <html> and fooBar, FooBar and foo_bar.",
    "1. one\n    indented\n2. two",
    "```\nfn example() {}\n",
    "No end of a line that is so long that nobody would ever write it like that, but for those who do, in one sentence \
     which goes on and on; and which says nothing at all, however long one reads it, until it ends in the end.",
    " * a list\n * of two",
    "# Heading\n\nText | with | bars\n--- | --- | ---",
    "\"Quotes\" and \\ and */ and // and \u{202e}control",
];

/// A package whose Rust name no other package has.
pub fn package(random: &mut Random) -> &'static str {
    random.pick(PACKAGES)
}

pub fn comment(random: &mut Random) -> &'static str {
    random.pick(COMMENTS)
}

/// The taken names, by full name.
#[derive(Default)]
pub struct Names {
    taken: BTreeSet<String>,
    keys: BTreeSet<(String, String)>,
    count: usize,
}

impl Names {
    pub fn take(&mut self, full_name: &str) -> bool {
        self.taken.insert(full_name.to_owned())
    }

    /// Returns a name that is unique in `scope`, as its `key` is.
    pub fn fresh(&mut self, random: &mut Random, scope: &str, key: impl Fn(&str) -> String) -> String {
        for _ in 0..20 {
            let name = any(random);
            let key = (scope.to_owned(), key(name));
            if !self.keys.contains(&key) && self.take(&format!("{scope}.{name}")) {
                self.keys.insert(key);
                return name.to_owned();
            }
        }
        self.count += 1;
        let name = format!("Other{}", self.count);
        self.take(&format!("{scope}.{name}"));
        name
    }
}

/// Returns any of the names.
pub fn any(random: &mut Random) -> &'static str {
    let pool = random.pick(&[KEYWORDS, PRELUDE, OURS, ALIKE, ODD]);
    let names: Vec<&str> = pool.split_whitespace().collect();
    random.pick(&names)
}

/// The names of fields that protoc compares in a message: their names in JSON.
pub fn json_key(name: &str) -> String {
    let mut key = String::new();
    let mut is_upper = false;
    for c in name.chars() {
        match c {
            '_' => is_upper = true,
            c if is_upper => {
                key.push(c.to_ascii_uppercase());
                is_upper = false;
            }
            c => key.push(c),
        }
    }
    key
}

/// The names of values that protoc compares in an enum: names without case, underscores and the name of the enum.
pub fn value_key(enumeration: &str, name: &str) -> String {
    let plain = |name: &str| name.replace('_', "").to_lowercase();
    let name = plain(name);
    name.strip_prefix(&*plain(enumeration)).filter(|rest| !rest.is_empty()).unwrap_or(&name).to_owned()
}
