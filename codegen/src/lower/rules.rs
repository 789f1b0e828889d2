//! The options that are given by path in, errors out for those that select nothing that is generated.

use crate::elements::{self, Element, ElementKind, FieldKind};
use crate::input::DescriptorSet;
use crate::model::Package;
use crate::options::{Options, Rule, RuleKind};
use crate::paths::ExternPaths;
use rgrpc_schema::{Diagnostic, Errors};

/// Options that only mean something together with another.
pub(super) fn check_together(options: &Options, errors: &mut Errors) {
    let has_domain = !options.rules.of(RuleKind::TypeNameDomain).is_empty();
    let pairs = [
        ("type_name_domain", has_domain, "enable_type_names", options.enable_type_names),
        ("client_feature", options.client_feature.is_some(), "client", options.client),
        ("server_feature", options.server_feature.is_some(), "server", options.server),
        ("dyn_trait", options.dyn_trait, "server", options.server),
        ("default_methods", options.default_methods, "server", options.server),
    ];
    for (name, _, needed, _) in pairs.into_iter().filter(|(_, given, _, met)| *given && !met) {
        let error = Diagnostic::new(format!("option `{name}` has no effect without `{needed}=true`"));
        errors.push(error.help(format!("set {needed}=true, or remove {name}")));
    }
}

/// `.` selects everything, however little that is.
pub(super) fn check(
    packages: &[Package],
    set: &DescriptorSet,
    options: &Options,
    externs: &ExternPaths,
    errors: &mut Errors,
) {
    let given = options.rules.kinds().any(|kind| options.rules.of(kind).iter().any(|rule| rule.path != "."));
    if !given {
        return;
    }
    let files = packages.iter().flat_map(|package| &package.files);
    let elements = files.flat_map(|&file| elements::of(&set.files[file].proto));
    // A service of a package that is generated always is.
    let is_generated = |element: &Element| {
        matches!(element.kind, ElementKind::Service | ElementKind::Method) || !externs.contains(&element.name)
    };
    let generated: Vec<Element> = elements.filter(is_generated).collect();
    for kind in options.rules.kinds() {
        for rule in options.rules.of(kind).iter().filter(|rule| rule.path != ".") {
            let applies = |element: &Element| applies(kind, rule, element, options) && rule.selects(&element.names());
            if !generated.iter().any(applies) {
                let service = service_of(kind, rule, &generated);
                errors.push(unmatched(kind, rule, service.as_deref()));
            }
        }
    }
}

/// Whether the option can change anything about an element of this kind.
fn applies(kind: RuleKind, rule: &Rule, element: &Element, options: &Options) -> bool {
    use {ElementKind as Element, RuleKind as Rule};
    let at = element.kind;
    match kind {
        Rule::TypeAttribute | Rule::SkipDebug => matches!(at, Element::Message | Element::Enum | Element::Oneof),
        Rule::MessageAttribute | Rule::TypeNameDomain => at == Element::Message,
        Rule::EnumAttribute => matches!(at, Element::Enum | Element::Oneof),
        Rule::OneofAttribute => at == Element::Oneof,
        Rule::FieldAttribute => matches!(at, Element::Field(_) | Element::Oneof | Element::Value),
        Rule::ClientModAttribute | Rule::ClientAttribute => at == Element::Service && options.client,
        Rule::ServerModAttribute | Rule::ServerAttribute | Rule::TraitAttribute => {
            at == Element::Service && options.server
        }
        // prost decides on the values of maps for a message, not for a field.
        Rule::Bytes if at == Element::Field(FieldKind::BytesMap) => {
            rule.path.starts_with('.') && !element.names().contains(&&*rule.path)
        }
        Rule::Bytes => at == Element::Field(FieldKind::Bytes),
        Rule::BtreeMap => matches!(at, Element::Field(FieldKind::Map | FieldKind::BytesMap)),
        Rule::Boxed => at == Element::Field(FieldKind::Message),
        Rule::DisableComments => true,
    }
}

/// The service that is meant by the name of its client or its server: `.user.v1.UserService`.
fn service_of(kind: RuleKind, rule: &Rule, generated: &[Element]) -> Option<String> {
    let ending = match kind {
        RuleKind::ClientModAttribute | RuleKind::ClientAttribute => "Client",
        RuleKind::ServerModAttribute | RuleKind::ServerAttribute | RuleKind::TraitAttribute => "Server",
        _ => return None,
    };
    let meant = rule.path.strip_suffix(ending)?;
    let mut names =
        generated.iter().filter(|element| element.kind == ElementKind::Service).map(|service| &service.name);
    names
        .any(|name| {
            name.trim_start_matches('.') == meant.trim_start_matches('.') || name.ends_with(&format!(".{meant}"))
        })
        .then(|| meant.to_owned())
}

fn unmatched(kind: RuleKind, rule: &Rule, service: Option<&str>) -> Diagnostic {
    let name = kind.name();
    let value = if rule.value.is_empty() { String::new() } else { format!("={}", rule.value) };
    let wanted = match kind {
        RuleKind::TypeAttribute | RuleKind::SkipDebug => "no message, enum or oneof",
        RuleKind::MessageAttribute | RuleKind::TypeNameDomain => "no message",
        RuleKind::EnumAttribute => "no enum or oneof",
        RuleKind::OneofAttribute => "no oneof",
        RuleKind::FieldAttribute => "no field, oneof or value",
        RuleKind::ClientModAttribute | RuleKind::ClientAttribute => "no service with a client",
        RuleKind::ServerModAttribute | RuleKind::ServerAttribute | RuleKind::TraitAttribute => {
            "no service with a server"
        }
        RuleKind::Bytes => "no field of type `bytes`",
        RuleKind::BtreeMap => "no map",
        RuleKind::Boxed => "no field that holds one message",
        RuleKind::DisableComments => "nothing",
    };
    Diagnostic::new(format!("{name} `{}{value}` matches {wanted} that is generated", rule.path)).help(match service {
        Some(service) => format!("the path is that of the service: `{service}`"),
        None => "correct the path, or remove the option".to_owned(),
    })
}
