//! Rejects options that have no effect: paths that select nothing that is generated, and options that require another one.

use rgrpc_schema::{Diagnostic, Errors};

use super::decisions::Decisions;
use super::selectable::{self, ElementKind, FieldKind, Selectable};
use crate::model::Package;
use crate::options::{Options, PathRule, Target};
use crate::proto_paths::nearest_path;

/// Rejects options that have no effect without another.
pub(super) fn check_together(options: &Options, errors: &mut Errors) {
    let pairs = [
        ("service_config", !options.service_config.is_empty(), "build_client", options.build_client),
        ("type_name_domain", !options.type_name_domain.is_empty(), "enable_type_names", options.enable_type_names),
        ("client_feature", options.client_feature.is_some(), "build_client", options.build_client),
        ("server_feature", options.server_feature.is_some(), "build_server", options.build_server),
        ("dyn_trait", options.dyn_trait, "build_server", options.build_server),
        ("generate_default_stubs", options.generate_default_stubs, "build_server", options.build_server),
    ];
    for (name, _, needed, _) in pairs.into_iter().filter(|(_, given, _, met)| *given && !met) {
        let error = Diagnostic::new(format!("option `{name}` has no effect without `{needed}=true`"));
        errors.push(error.help(format!("set {needed}=true, or remove {name}")));
    }
}

/// Rejects paths that select nothing that is generated. The path `.` is accepted for any schema.
pub(super) fn check(packages: &[Package], decisions: &Decisions<'_>, errors: &mut Errors) {
    let Decisions { options, externs, .. } = decisions;
    let given = options.by_path().flat_map(|(name, rules)| rules.iter().map(move |rule| (name, rules.target(), rule)));
    let given: Vec<_> = given.filter(|(_, _, rule)| rule.path != ".").collect();
    if given.is_empty() {
        return;
    }
    let files = packages.iter().flat_map(|package| &package.files);
    let elements = files.flat_map(|&file| selectable::of(decisions, file));
    // No mapping covers a service: all services of a generated package are generated.
    let is_generated = |element: &Selectable| {
        matches!(element.kind, ElementKind::Service | ElementKind::Method) || !externs.contains(&element.name)
    };
    let generated: Vec<Selectable> = elements.filter(is_generated).collect();
    for (name, target, rule) in given {
        let is_selected =
            |element: &Selectable| applies(target, rule, element, options) && rule.selects(&element.names());
        if !generated.iter().any(is_selected) {
            let of_kind = generated.iter().filter(|element| applies(target, rule, element, options));
            let near = || nearest_path(&rule.path, of_kind.map(|element| element.name.as_str()));
            let service = service_of(target, rule, &generated)
                .map(|service| format!("the path is that of the service: `{service}`"));
            errors.push(unmatched(name, target, rule, service.or_else(near)));
        }
    }
}

/// Whether an option with this target can affect the element.
fn applies(target: Target, rule: &PathRule, element: &Selectable, options: &Options) -> bool {
    use ElementKind as Kind;
    let kind = element.kind;
    match target {
        Target::Element => kind != Kind::UnknownFields,
        Target::Type => matches!(kind, Kind::Message | Kind::Enum | Kind::Oneof),
        Target::Message => kind == Kind::Message,
        Target::Enum => matches!(kind, Kind::Enum | Kind::Oneof),
        Target::Oneof => kind == Kind::Oneof,
        Target::Member => matches!(kind, Kind::Field(_) | Kind::Oneof | Kind::Value | Kind::UnknownFields),
        Target::Client => kind == Kind::Service && options.build_client,
        Target::Server => kind == Kind::Service && options.build_server,
        // prost-build decides on the values of maps by the message, not by the field.
        Target::BytesField if kind == Kind::Field(FieldKind::BytesMap) => {
            rule.path.starts_with('.') && !element.names().contains(&&*rule.path)
        }
        Target::BytesField => matches!(kind, Kind::Field(FieldKind::Bytes) | Kind::Extension(FieldKind::Bytes)),
        Target::Map => matches!(kind, Kind::Field(FieldKind::Map | FieldKind::BytesMap)),
        Target::MessageField => kind == Kind::Field(FieldKind::Message),
    }
}

/// The path of the service, `.user.v1.UserService`, if the rule names its client or server instead.
fn service_of(target: Target, rule: &PathRule, generated: &[Selectable]) -> Option<String> {
    let ending = match target {
        Target::Client => "Client",
        Target::Server => "Server",
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

fn unmatched(name: &str, target: Target, rule: &PathRule, help: Option<String>) -> Diagnostic {
    let value = if rule.value.is_empty() { String::new() } else { format!("={}", rule.value) };
    let wanted = match target {
        Target::Element => "nothing",
        Target::Type => "no message, enum or oneof",
        Target::Message => "no message",
        Target::Enum => "no enum or oneof",
        Target::Oneof => "no oneof",
        Target::Member => "no field, oneof or value",
        Target::Client => "no service with a client",
        Target::Server => "no service with a server",
        Target::BytesField => "no field of type `bytes`",
        Target::Map => "no map",
        Target::MessageField => "no field that holds one message",
    };
    Diagnostic::new(format!("{name} `{}{value}` matches {wanted} that is generated", rule.path))
        .help(help.unwrap_or_else(|| "correct the path, or remove the option".to_owned()))
}
