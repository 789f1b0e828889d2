//! Chooses random options that the generator accepts for a random schema, out of all that it declares.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_codegen::{DescriptorSet, OPTIONS, OptionSpec, Options, Output, generate};

use crate::names;
use crate::random::Random;
use crate::schema::Schema;

/// Options that the generator accepts together, and its output with them.
pub struct Drawn {
    pub options: Vec<String>,
    pub refused: Vec<String>,
    pub output: Output,
    /// The output without options, to which the options may map.
    pub existing: Output,
}

/// The number of seeds after which each option was first once.
pub const TURNS: usize = 4;

const ATTRIBUTES: &[&str] = &[
    "#[doc(alias = \"nasty, very\")]",
    "#[doc = \"\\n More, with = and \\\"quotes\\\".\"]",
    "#[allow(dead_code)]",
    "#[doc(hidden)]",
    "#[cfg(not(any()))]",
];

/// Adds options one after another, if the generator accepts them.
///
/// # Errors
/// Fails if the generator rejects the schema without options.
pub fn draw(random: &mut Random, schema: &Schema, set: &DescriptorSet, mount: &str, turn: usize) -> Result<Drawn, String> {
    let files: Vec<&str> = set.file_names().collect();
    let config = service_config(random, schema);
    let attempt = |options: &[String]| {
        let parameter: Vec<String> = options.iter().map(|option| option.replace(',', "\\,")).collect();
        let mut options = Options::parse(&parameter.join(",")).map_err(|errors| errors.to_string())?;
        options.read_files(|_| Ok(config.clone())).map_err(|errors| errors.to_string())?;
        generate(set, &files, &options).map_err(|errors| errors.to_string())
    };
    let output = attempt(&[])?;
    let mut mappings = existing(&output, mount);
    if mappings.is_empty() || random.one_in(2) {
        mappings = schema.declared.leaves.iter().map(|leaf| vec![format!("{leaf}=crate::existing::Message")]).collect();
    }
    let mut drawn = Drawn { options: Vec::new(), refused: Vec::new(), existing: output.clone(), output };
    // The options of this seed come first, and several times, because some paths select nothing.
    let (mut specs, mut others): (Vec<_>, Vec<_>) = OPTIONS.iter().enumerate().partition(|(index, _)| index % TURNS == turn);
    let turns = specs.len();
    while !others.is_empty() {
        specs.push(others.swap_remove(random.below(others.len())));
    }
    let mut left = Vec::new();
    for (index, (_, spec)) in specs.into_iter().enumerate() {
        let times = if index < turns { 6 } else { random.pick(&[0, 0, 1, 2]) };
        for _ in 0..times {
            let value = match spec.value {
                "<proto>=<rust>" => {
                    left.extend(random.pick(&mappings).iter().map(|mapping| format!("extern_path={mapping}")));
                    continue;
                }
                "<proto>=<traits>" => {
                    let mapping = random.pick(&mappings);
                    left.extend(mapping.iter().map(|mapping| format!("extern_path={mapping}")));
                    traits(&mapping[0])
                }
                _ => value(random, schema, spec),
            };
            left.push(format!("{}={value}", spec.name));
        }
    }
    // Some options need others, which may follow them.
    for _ in 0..2 {
        drawn.refused.clear();
        for option in std::mem::take(&mut left) {
            drawn.options.push(option);
            match attempt(&drawn.options) {
                Ok(output) => drawn.output = output,
                Err(reason) => {
                    let option = drawn.options.pop().unwrap_or_default();
                    left.extend(needed(&reason));
                    drawn.refused.push(format!("{option}: {reason}"));
                    left.push(option);
                }
            }
        }
    }
    // The variants of an enum that is mapped have names as well, and `.google` may be mapped.
    let shared = ["retain_enum_prefix=", "compile_well_known_types="];
    let of_both = drawn.options.iter().filter(|option| shared.iter().any(|name| option.starts_with(name)));
    drawn.existing = attempt(&of_both.cloned().collect::<Vec<_>>())?;
    Ok(drawn)
}

/// Returns the option without which another has no effect.
fn needed(reason: &str) -> Option<String> {
    Some(reason.split_once("has no effect without `")?.1.split_once('`')?.0.to_owned())
}

fn value(random: &mut Random, schema: &Schema, spec: &OptionSpec) -> String {
    match (spec.value, spec.name) {
        ("<bool>" | "<feature>" | "<level>" | "<name>", _) | ("<file>", "package_features") => {
            random.pick(spec.examples()).to_owned()
        }
        // With `part`, the output has no module tree, or only the tree.
        ("<part>", _) => "all".to_owned(),
        ("<file>", "service_config") => "config.json".to_owned(),
        ("<rust>", _) => random.pick(&["::prost", "crate::existing::dependencies::prost"]).to_owned(),
        ("<proto>=<name>", _) => format!("{}={}", random.pick(&schema.declared.elements), names::any(random)),
        ("<path>", _) => selector(random, schema),
        ("<path>=<attribute>", _) => format!("{}={}", selector(random, schema), random.pick(ATTRIBUTES)),
        ("<path>=<domain>", _) => format!("{}=example.com/types", selector(random, schema)),
        (kind, name) => panic!("no value of kind {kind} is drawn for {name}"),
    }
}

/// Returns the mappings of each package and each type, with everything in it, to the same schema without options, which another module
/// includes and in which names may differ.
fn existing(output: &Output, mount: &str) -> Vec<Vec<String>> {
    let types: BTreeMap<&String, &String> = output.exports.iter().flat_map(|file| &file.paths).collect();
    let own = |(_, path): &(&&String, &&String)| !path.starts_with("::");
    let mapping = |(proto, path): (&str, &str)| format!("{proto}=crate::{mount}::{path}");
    let packages = types.iter().filter(own).filter_map(|(proto, path)| {
        let ((package, _), (module, _)) = (proto.rsplit_once('.')?, path.rsplit_once("::")?);
        (!package.is_empty() && !types.contains_key(&package.to_owned())).then_some((package, module))
    });
    let roots = packages.chain(types.iter().filter(own).map(|(proto, path)| (&***proto, &***path)));
    let with_all_in_it = roots.collect::<BTreeSet<_>>().into_iter().map(|root| {
        let is_below = |name: &str| name.strip_prefix(root.0).is_some_and(|rest| rest.starts_with('.'));
        let below = types.iter().filter(own).filter(|(proto, _)| is_below(proto));
        std::iter::once(root).chain(below.map(|(proto, path)| (&***proto, &***path))).map(mapping).collect()
    });
    with_all_in_it.collect()
}

/// The traits of a mapping's types.
fn traits(mapping: &str) -> String {
    let (proto, rust) = mapping.split_once('=').unwrap_or_default();
    format!("{proto}={}", if rust == "crate::existing::Message" { "Copy" } else { "generated" })
}

fn element(random: &mut Random, schema: &Schema) -> String {
    if random.one_in(4) { ".".to_owned() } else { random.pick(&schema.declared.elements) }
}

/// Returns a path for everything, for an element, or for all elements whose names end the same.
fn selector(random: &mut Random, schema: &Schema) -> String {
    let element = element(random, schema);
    match element.rsplit_once('.') {
        Some((scope, name)) if random.one_in(3) && !scope.is_empty() => name.to_owned(),
        _ => element,
    }
}

fn service_config(random: &mut Random, schema: &Schema) -> String {
    let service = match schema.declared.services.len() {
        0 => String::new(),
        _ => format!(r#""service": "{}""#, &random.pick(&schema.declared.services)[1..]),
    };
    format!(r#"{{"methodConfig": [{{"name": [{{{service}}}], "timeout": "1.5s"}}]}}"#)
}
