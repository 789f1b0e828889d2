//! Rejects attributes that derive a trait which a type already has.

use std::collections::BTreeMap;

use rgrpc_schema::schema::{EnumId, MessageId};
use rgrpc_schema::{Diagnostic, Errors};

use super::decisions::Decisions;
use super::element::{AttributeOptions, ENUM, MESSAGE, ONEOF};
use crate::attributes::derived;
use crate::model::Package;
use crate::options::{PathRule, PathRules};

/// A rule whose attribute derives traits.
struct DerivingRule<'a> {
    option: &'static str,
    rules: &'a PathRules,
    rule: &'a PathRule,
    derives: Vec<String>,
}

/// The reason why a type already has a trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum DerivedBy {
    Generator,
    Json,
    Attribute,
}

/// By rule, trait and reason: the first type that has the trait already, and how many there are.
type Clashes = BTreeMap<(usize, String, DerivedBy), (String, usize)>;

struct ClashSearch<'a> {
    decisions: &'a Decisions<'a>,
    rules: Vec<DerivingRule<'a>>,
    clashes: Clashes,
}

pub(super) fn check(packages: &[Package], decisions: &Decisions<'_>, errors: &mut Errors) {
    let rules = decisions.options.by_path().flat_map(|(option, rules)| {
        rules.iter().map(move |rule| DerivingRule { option, rules, rule, derives: derived(&rule.value) })
    });
    let rules: Vec<_> = rules.filter(|rule| !rule.derives.is_empty()).collect();
    if rules.is_empty() {
        return;
    }
    let mut search = ClashSearch { decisions, rules, clashes: Clashes::new() };
    for file in packages.iter().flat_map(|package| &package.files) {
        let file = &decisions.schema.files[*file];
        file.messages.clone().for_each(|message| search.message(message));
        file.enums.clone().for_each(|enumeration| search.enumeration(enumeration));
    }
    for ((rule, name, by), (first, count)) in search.clashes {
        errors.push(clash(&search.rules[rule], &name, by, &first, count));
    }
}

impl ClashSearch<'_> {
    fn enumeration(&mut self, id: EnumId) {
        let name = &*self.decisions.schema.enums[id].at.full_name;
        if !self.decisions.externs.contains(name) {
            let derived = ["Clone", "Copy", "PartialEq", "Eq", "Hash", "PartialOrd", "Ord", "Enumeration", "Default"];
            self.ty(&[name], ENUM, &derived, &[], &[name]);
        }
    }

    fn message(&mut self, id: MessageId) {
        let Decisions { schema, boxing, derives, options, externs, .. } = self.decisions;
        let message = &schema.messages[id];
        let name = &*message.at.full_name;
        if message.is_map_entry || externs.contains(name) {
            return;
        }
        let given: Vec<&str> = derives.of_message(id).names().chain(["Message", "Default"]).collect();
        let json: &[&str] = if options.json { &["Serialize", "Deserialize"] } else { &[] };
        self.ty(&[name], MESSAGE, &given, json, &[name]);
        for oneof in message.partition().1 {
            let own = format!("{name}.{}", message.descriptor.oneof_decl[oneof.index].name());
            let fields = oneof.fields.iter().map(|&field| (id, field));
            let given: Vec<&str> = derives.of_fields(schema, boxing, fields).names().chain(["Oneof"]).collect();
            self.ty(&[&own], ONEOF, &given, &[], &[&own, name]);
        }
    }

    /// Checks the type with these full names, to which these options add attributes. `given` are the traits that the generator derives,
    /// `json` those that the option `json` implements, and `debug` the names by which `skip_debug` may select the type.
    fn ty(&mut self, names: &[&str], attributes: AttributeOptions, given: &[&str], json: &[&str], debug: &[&str]) {
        let options = self.decisions.options;
        let debug = (!options.skip_debug.select(debug)).then_some("Debug");
        let mut has: BTreeMap<&str, DerivedBy> =
            given.iter().copied().chain(debug).map(|name| (name, DerivedBy::Generator)).collect();
        has.extend(json.iter().map(|name| (*name, DerivedBy::Json)));
        for rules in attributes(options) {
            let of_option = self.rules.iter().enumerate().filter(|(_, deriving)| std::ptr::eq(deriving.rules, rules));
            for (index, deriving) in of_option.filter(|(_, deriving)| deriving.rule.selects(names)) {
                for name in &deriving.derives {
                    if let Some(&by) = has.get(&**name) {
                        let first = || (names[0][1..].to_owned(), 0);
                        self.clashes.entry((index, name.clone(), by)).or_insert_with(first).1 += 1;
                    } else {
                        has.insert(name, DerivedBy::Attribute);
                    }
                }
            }
        }
    }
}

fn clash(deriving: &DerivingRule<'_>, name: &str, by: DerivedBy, first: &str, count: usize) -> Diagnostic {
    let option = format!("{} `{}={}`", deriving.option, deriving.rule.path, deriving.rule.value);
    let others = match count - 1 {
        0 => String::new(),
        1 => " and another type".to_owned(),
        others => format!(" and {others} other types"),
    };
    let reason = match by {
        DerivedBy::Generator => "already",
        DerivedBy::Json => "by the option `json`, as protobuf's JSON",
        DerivedBy::Attribute => "by another attribute",
    };
    let has = if count == 1 { "has" } else { "have" };
    let message = format!("{option} derives `{name}` for `{first}`{others}, which {has} it {reason}");
    let help = match by {
        DerivedBy::Json => "remove the derive, or the option json",
        DerivedBy::Generator | DerivedBy::Attribute => "leave it out of the derive, or select only types that lack it",
    };
    Diagnostic::new(message).help(help)
}
