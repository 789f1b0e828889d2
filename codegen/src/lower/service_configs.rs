//! Checks the user's service configs, and gives each package the one that applies to its clients.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use rgrpc_schema::descriptor::MethodDescriptorProto;
use rgrpc_schema::full_name::last_part;
use rgrpc_schema::nearest::suggestion;
use rgrpc_schema::{Diagnostic, Errors, Position};
use rgrpc_service_config::{Config, Name, Problem, Rules, position, read};

use super::decisions::Decisions;
use super::services;
use crate::attributes::Attributes;
use crate::model::{Package, ServiceConfig};
use crate::options::{ConfigFile, Part};

/// A config that breaks no rule, and its source.
struct Valid<'a> {
    path: &'a str,
    text: &'a str,
    config: Config,
}

/// The methods of every service, by the service's name on the wire.
type Services<'a> = BTreeMap<String, Vec<&'a str>>;

/// Gives each package its config, and returns warnings about the configs.
pub(super) fn add(packages: &mut [Package], decisions: &Decisions<'_>, errors: &mut Errors) -> Vec<Diagnostic> {
    let files = &decisions.options.service_config;
    if files.is_empty() {
        return Vec::new();
    }
    let services = services(decisions);
    let configs: Vec<_> = files.iter().filter_map(|file| valid(file, errors)).collect();
    let unknown: Vec<_> = configs.iter().flat_map(|config| config.unknown_names(&services)).collect();
    let mut unused: BTreeMap<_, _> = configs.iter().map(|config| (config.path, config)).collect();
    for package in packages {
        let candidates = candidates(package, &configs);
        unused.retain(|path, _| candidates.iter().all(|(config, _)| config.path != *path));
        errors.extend(several(&candidates));
        package.service_config = candidates.first().map(|(config, _)| ServiceConfig {
            file: config.path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned(),
            attributes: Attributes::default().behind(decisions.options.client_feature.as_ref()),
            json: portable(config.text),
        });
    }
    if decisions.options.part != Part::Packages {
        if unknown.is_empty() {
            errors.extend(unused.into_values().map(Valid::unused));
        }
        errors.extend(unknown);
    }
    configs.iter().flat_map(Valid::warnings).collect()
}

fn services<'a>(decisions: &Decisions<'a>) -> Services<'a> {
    let mut services = Services::new();
    for service in &decisions.schema.services {
        let name = services::wire_name(&service.at.full_name[1..], decisions.options).to_owned();
        services.entry(name).or_default().extend(service.descriptor.method.iter().map(MethodDescriptorProto::name));
    }
    services
}

fn valid<'a>(file: &'a ConfigFile, errors: &mut Errors) -> Option<Valid<'a>> {
    let path = &*file.path;
    let Some(text) = file.text.as_deref() else {
        let error = Diagnostic::new(format!("service_config `{path}` was not read"));
        errors.push(error.help("call Options::read_files before generating"));
        return None;
    };
    match read(text, Rules::Gapic) {
        Ok(config) => Some(Valid { path, text, config }),
        Err(invalid) => {
            errors.extend(invalid.problems().iter().map(|problem| diagnostic(path, problem)));
            None
        }
    }
}

fn diagnostic(path: &str, problem: &Problem) -> Diagnostic {
    let message = if problem.path() == "." { problem.message().to_owned() } else { problem.to_string() };
    Diagnostic::at(at(path, problem.position()), message)
}

fn at(path: &str, line_column: (u32, u32)) -> Position {
    Position::new(path, Some(line_column))
}

impl Valid<'_> {
    fn names(&self) -> impl Iterator<Item = &Name> {
        self.config.methods.iter().flat_map(|entry| &entry.names)
    }

    fn position(&self, name: &Name) -> Position {
        at(self.path, position(self.text, name.offset))
    }

    /// The error for a config that no client uses.
    fn unused(&self) -> Diagnostic {
        let names: Vec<&str> = self.names().map(|name| &*name.service).collect();
        let services: BTreeSet<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
        let (reason, help) = match (services.first(), services.len()) {
            (None, _) if names.is_empty() => {
                ("it names no service".to_owned(), "name one in a `methodConfig`, or remove the option")
            }
            (None, _) => ("every client has a config of its own".to_owned(), "remove the option"),
            (Some(first), count) => {
                let others = if count == 1 {
                    String::new()
                } else {
                    format!(" or of the {} other services that it names", count - 1)
                };
                (
                    format!("no client of `{first}`{others} is generated"),
                    "generate the files of its services too, or remove the option",
                )
            }
        };
        Diagnostic::new(format!("service_config `{}` has no effect: {reason}", self.path)).help(help)
    }

    fn unknown_names(&self, services: &Services<'_>) -> Vec<Diagnostic> {
        let named = self.names().filter(|name| !name.service.is_empty());
        let errors = named.filter_map(|name| {
            let Name { service, method, path, .. } = name;
            let (message, near) = match services.get(service) {
                None => (format!("there is no service `{service}`"), nearest_service(service, services)),
                Some(methods) if method.is_empty() || methods.contains(&&**method) => return None,
                Some(methods) => (
                    format!("service `{service}` has no method `{method}`"),
                    suggestion(method, methods.iter().copied()),
                ),
            };
            let help = near.unwrap_or_else(|| "correct the name, or remove it".to_owned());
            Some(Diagnostic::at(self.position(name), format!("{path}: {message}")).help(help))
        });
        errors.collect()
    }

    /// The first name in the config that refers to one of these services.
    fn first_of(&self, services: &[&str]) -> Option<&Name> {
        self.names().find(|name| services.contains(&&*name.service))
    }

    fn warnings(&self) -> Vec<Diagnostic> {
        let mut warnings: Vec<_> = self.config.ignored.iter().map(|problem| diagnostic(self.path, problem)).collect();
        if let Err(invalid) = read(self.text, Rules::Grpc)
            && let [first, others @ ..] = invalid.problems()
        {
            let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
            let mut warning = diagnostic(self.path, first);
            let which = "GAPIC generators and rgrpc accept it, but gRPC does not";
            warning.message = format!("{}{more}: {which}", warning.message);
            warnings.push(warning);
        }
        let of_channel = [
            ("loadBalancingConfig", self.config.load_balancing.is_some()),
            ("healthCheckConfig", self.config.health_check.is_some()),
        ];
        for (field, _) in of_channel.into_iter().filter(|(_, is_given)| *is_given) {
            let place = Position::new(self.path, None);
            let warning = Diagnostic::at(
                place,
                format!("`{field}` has no effect: a generated client uses the channel that it is given"),
            );
            warnings.push(warning.help("pass the constant SERVICE_CONFIG to the channel's target"));
        }
        warnings
    }
}

/// Suggests a service with the same name in another package, or one with a similar name.
fn nearest_service(name: &str, services: &Services<'_>) -> Option<String> {
    let known = || services.keys().map(String::as_str);
    let alone = known().find(|known| last_part(known) == last_part(name)).map(|name| format!("did you mean `{name}`?"));
    alone.or_else(|| suggestion(name, known()))
}

/// The configs that name a service of the package with a client, or else those for all methods; each with the name that matches.
fn candidates<'c, 'a>(package: &Package, configs: &'c [Valid<'a>]) -> Vec<(&'c Valid<'a>, &'c Name)> {
    let clients = package.services.iter().filter(|service| service.client.is_some());
    let services: Vec<&str> = clients.map(|service| &*service.wire_name).collect();
    if services.is_empty() {
        return Vec::new();
    }
    let of = |services: &[&str]| -> Vec<_> {
        configs.iter().filter_map(|config| Some((config, config.first_of(services)?))).collect()
    };
    let named = of(&services);
    if named.is_empty() { of(&[""]) } else { named }
}

/// The error for a package to which more than one config applies.
fn several(candidates: &[(&Valid<'_>, &Name)]) -> Option<Diagnostic> {
    let [(config, first), (other, second), ..] = candidates else { return None };
    let whose = if second.service.is_empty() { "all methods" } else { "services of the same package" };
    let error = Diagnostic::at(other.position(second), format!("a second service config applies to {whose}"));
    Some(error.note(config.position(first), "the first one").help("merge them into one file"))
}

/// Rewrites the text in ASCII, by JSON's escapes, and without spaces at the ends of lines.
fn portable(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim().replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::new();
    for (i, line) in text.lines().enumerate() {
        out.push_str(if i == 0 { "" } else { "\n" });
        for c in line.trim_end().chars() {
            if c.is_ascii_graphic() || matches!(c, ' ' | '\t') {
                out.push(c);
            } else {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| _ = write!(out, "\\u{unit:04x}"));
            }
        }
    }
    out
}
