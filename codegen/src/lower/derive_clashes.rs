//! Attributes of the user in, errors out for those that derive what a type has already.

use std::collections::BTreeMap;

use rgrpc_schema::schema::{EnumId, MessageId};
use rgrpc_schema::{Diagnostic, Errors};

use super::decisions::Decisions;
use super::element::{AttributeOptions, ENUM, MESSAGE, ONEOF};
use crate::attributes::derived;
use crate::model::Package;
use crate::options::{PathRule, PathRules};

/// A rule that derives something.
struct Deriving<'a> {
    option: &'static str,
    rules: &'a PathRules,
    rule: &'a PathRule,
    derives: Vec<String>,
}

/// Why a type has a trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Generator,
    Json,
    Attribute,
}

/// The types that a rule gives what they have: the first of them, and how many.
type Clashes = BTreeMap<(usize, String, By), (String, usize)>;

struct ClashSearch<'a> {
    decided: &'a Decisions<'a>,
    deriving: Vec<Deriving<'a>>,
    clashes: Clashes,
}

pub(super) fn check(packages: &[Package], decided: &Decisions<'_>, errors: &mut Errors) {
    let deriving = decided.options.by_path().flat_map(|(option, rules)| {
        rules.iter().map(move |rule| Deriving { option, rules, rule, derives: derived(&rule.value) })
    });
    let deriving: Vec<_> = deriving.filter(|deriving| !deriving.derives.is_empty()).collect();
    if deriving.is_empty() {
        return;
    }
    let mut check = ClashSearch { decided, deriving, clashes: Clashes::new() };
    for file in packages.iter().flat_map(|package| &package.files) {
        let file = &decided.schema.files[*file];
        file.messages.clone().for_each(|message| check.message(message));
        file.enums.clone().for_each(|enumeration| check.enumeration(enumeration));
    }
    for ((rule, name, by), (first, count)) in check.clashes {
        errors.push(clash(&check.deriving[rule], &name, by, &first, count));
    }
}

impl ClashSearch<'_> {
    fn enumeration(&mut self, id: EnumId) {
        let name = &*self.decided.schema.enums[id].at.full_name;
        if !self.decided.externs.contains(name) {
            let all = ["Clone", "Copy", "PartialEq", "Eq", "Hash", "PartialOrd", "Ord", "Enumeration", "Default"];
            self.ty(&[name], ENUM, &all, &[], &[name]);
        }
    }

    fn message(&mut self, id: MessageId) {
        let Decisions { schema, boxing, derives, options, externs, .. } = self.decided;
        let message = &schema.messages[id];
        let name = &*message.at.full_name;
        if message.is_map_entry || externs.contains(name) {
            return;
        }
        let given: Vec<&str> = derives.of_message(id).names("Message").chain(["Default"]).collect();
        let json: &[&str] = if options.json { &["Serialize", "Deserialize"] } else { &[] };
        self.ty(&[name], MESSAGE, &given, json, &[name]);
        for oneof in message.partition().1 {
            let own = format!("{name}.{}", message.descriptor.oneof_decl[oneof.index].name());
            let fields = oneof.fields.iter().map(|&field| (id, field));
            let given: Vec<&str> = derives.of_fields(schema, boxing, fields).names("Oneof").collect();
            self.ty(&[&own], ONEOF, &given, &[], &[&own, name]);
        }
    }

    /// Checks a type that has these names, on which these options put attributes.
    fn ty(&mut self, names: &[&str], attributes: AttributeOptions, given: &[&str], json: &[&str], debug: &[&str]) {
        let options = self.decided.options;
        let debug = (!options.skip_debug.select(debug)).then_some("Debug");
        let mut has: BTreeMap<&str, By> =
            given.iter().copied().chain(debug).map(|name| (name, By::Generator)).collect();
        has.extend(json.iter().map(|name| (*name, By::Json)));
        for rules in attributes(options) {
            let selected = self.deriving.iter().enumerate();
            for (index, deriving) in selected.filter(|(_, it)| std::ptr::eq(it.rules, rules) && it.rule.selects(names))
            {
                for name in &deriving.derives {
                    if let Some(&by) = has.get(&**name) {
                        let first = || (names[0][1..].to_owned(), 0);
                        self.clashes.entry((index, name.clone(), by)).or_insert_with(first).1 += 1;
                    } else {
                        has.insert(name, By::Attribute);
                    }
                }
            }
        }
    }
}

fn clash(deriving: &Deriving<'_>, name: &str, by: By, first: &str, count: usize) -> Diagnostic {
    let option = format!("{} `{}={}`", deriving.option, deriving.rule.path, deriving.rule.value);
    let others = match count - 1 {
        0 => String::new(),
        1 => " and another type".to_owned(),
        others => format!(" and {others} other types"),
    };
    let reason = match by {
        By::Generator => "already",
        By::Json => "by the option `json`, as protobuf's JSON",
        By::Attribute => "by another attribute",
    };
    let has = if count == 1 { "has" } else { "have" };
    let message = format!("{option} derives `{name}` for `{first}`{others}, which {has} it {reason}");
    let help = match by {
        By::Json => "remove the derive, or the option json",
        By::Generator | By::Attribute => "leave it out of the derive, or select only types that lack it",
    };
    Diagnostic::new(message).help(help)
}
