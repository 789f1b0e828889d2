//! Tests the modules of each published crate: no two types share a name, and no files import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Type names that two modules of the public API share, and the reason.
const TWINS: [(&str, &str); 1] = [
    // As in protobuf's `JsonFormat` and `TextFormat`: the module says what is printed.
    ("runtime", "Printer"),
];

const CRATES: [&str; 6] = ["build-helper", "codegen", "protoc-gen-rgrpc", "runtime", "schema", "service-config"];

/// `["link", "world"]`
type Module = Vec<String>;

#[test]
fn no_two_types_of_a_crate_have_one_name() {
    let broken = sources(&[("a", "pub struct Name;"), ("b", "pub(crate) enum Name {\n}"), ("c", "struct Other;")]);
    assert_eq!(twins(&broken).into_keys().collect::<Vec<_>>(), ["Name"]);
    for name in CRATES {
        let mut twins = twins(&modules(name));
        twins.retain(|declared, _| !TWINS.contains(&(name, declared)));
        assert!(twins.is_empty(), "{name} has such names: {twins:#?}");
    }
}

#[test]
fn no_files_import_each_other() {
    let broken = [
        ("a", "use crate::b::B;"),
        ("b", "fn b() {\n    super::c::c();\n}"),
        ("c", "use super::{a::A, d};"),
        ("d", "use std::fmt;"),
    ];
    assert_eq!(tied(&sources(&broken)), ["a", "b", "c"]);
    let template =
        [("a", "use crate::b;\nfn a() {\n    quote! { super::b::C { #b } }\n}"), ("b", "quote!(crate::a::A)")];
    assert_eq!(tied(&sources(&template)), [""; 0]);
    for name in CRATES {
        let tied = tied(&modules(name));
        assert!(tied.is_empty(), "{name} has such files: {tied:#?}");
    }
}

/// The type names that more than one file declares, with these files.
fn twins(modules: &BTreeMap<Module, String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (module, text) in modules {
        for declared in text.lines().filter_map(declared) {
            files.entry(declared).or_default().insert(module.join("::"));
        }
    }
    files.retain(|_, files| files.len() > 1);
    files
}

/// The files that are on a circle of imports.
fn tied(modules: &BTreeMap<Module, String>) -> Vec<String> {
    let imports = Imports::of(modules);
    let edges: BTreeMap<&Module, BTreeSet<&Module>> =
        modules.iter().map(|(module, text)| (module, imports.targets(module, text))).collect();
    let tied = modules.keys().filter(|module| reaches_itself(&edges, module));
    tied.map(|module| module.join("::")).collect()
}

/// The modules of a small crate.
fn sources(files: &[(&str, &str)]) -> BTreeMap<Module, String> {
    files.iter().map(|(name, text)| (vec![(*name).to_owned()], code(text))).collect()
}

/// The name of the type that a line at the top level of a file declares.
fn declared(line: &str) -> Option<String> {
    let rest = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.strip_prefix(' ')?,
        None => line,
    };
    let name = ["struct ", "enum ", "trait ", "type "].iter().find_map(|keyword| rest.strip_prefix(keyword))?;
    Some(name.chars().take_while(|c| c.is_alphanumeric()).collect())
}

/// The sources of a crate, without tests, comments, the contents of strings, and `in` paths of visibilities.
fn modules(name: &str) -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
    let mut modules = BTreeMap::new();
    collect(&root, &mut Vec::new(), &mut modules);
    assert!(!modules.is_empty(), "{name} holds no sources");
    modules
}

fn collect(folder: &Path, module: &mut Module, modules: &mut BTreeMap<Module, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        module.push(stem.clone());
        if path.is_dir() && stem != "tests" {
            collect(&path, module, modules);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !stem.starts_with("test") {
            let is_face = ["lib", "main", "mod"].contains(&&*stem);
            let module = module[..module.len() - usize::from(is_face)].to_vec();
            modules.insert(module, code(&fs::read_to_string(&path).unwrap()));
        }
        module.pop();
    }
}

fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap().lines();
    let code = code.filter(|line| !line.trim_start().starts_with("//")).map(without_strings);
    without_templates(&code.collect::<Vec<_>>().join("\n"))
}

fn without_strings(line: &str) -> String {
    let code = line.split('"').step_by(2).collect::<Vec<_>>().join("\"");
    match code.split_once("pub(in ") {
        Some((front, rest)) => format!("{front}pub{}", rest.split_once(')').map_or("", |(_, behind)| behind)),
        None => code,
    }
}

/// The code without the contents of `quote!`, whose paths are those of the output.
fn without_templates(code: &str) -> String {
    let mut parts = code.split("quote!");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut depth = 0;
        let end = part.char_indices().find(|(_, c)| {
            depth += i32::from("({[".contains(*c)) - i32::from(")}]".contains(*c));
            depth == 0 && !c.is_whitespace()
        });
        kept.push_str(end.map_or("", |(end, _)| &part[end..]));
    }
    kept
}

/// The modules of a crate, and the names that they re-export.
struct Imports<'m> {
    modules: BTreeSet<&'m Module>,
    re_exports: BTreeMap<(&'m Module, String), Module>,
}

impl<'m> Imports<'m> {
    fn of(modules: &'m BTreeMap<Module, String>) -> Self {
        let mut imports = Self { modules: modules.keys().collect(), re_exports: BTreeMap::new() };
        for (module, text) in modules {
            for (path, is_public) in uses(text) {
                if let Some(path) = imports.absolute(module, &path).filter(|_| is_public) {
                    imports.re_exports.insert((module, path.last().unwrap().clone()), path);
                }
            }
        }
        imports
    }

    /// The files that a file depends on. Re-exporting from a child module is no dependency, unless the file uses the name itself.
    fn targets(&self, module: &'m Module, text: &str) -> BTreeSet<&'m Module> {
        let body: String =
            text.split_inclusive(';').filter(|statement| !is_use(statement) && !is_mod(statement)).collect();
        let named = |name: &str| body.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
        let mut targets = BTreeSet::new();
        for (path, is_public) in uses(text) {
            let Some(absolute) = self.absolute(module, &path) else { continue };
            let is_own = absolute.starts_with(module) && is_public;
            if !is_own || named(absolute.last().unwrap()) {
                targets.extend(self.resolve(absolute));
            }
        }
        for path in
            body.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').filter(|path| path.contains("::"))
        {
            let path: Module = path.trim_matches(':').split("::").map(str::to_owned).collect();
            targets.extend(self.absolute(module, &path).and_then(|path| self.resolve(path)));
        }
        targets.remove(module);
        targets
    }

    /// The path from the root of the crate; `None` for a path to another crate.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Module> {
        let supers = path.iter().take_while(|part| *part == "super").count();
        match &*path[0] {
            "crate" => Some(path[1..].to_vec()),
            "self" => Some([module, &path[1..]].concat()),
            "super" => Some([module.get(..module.len().checked_sub(supers)?)?, &path[supers..]].concat()),
            child => {
                let own = [&module[..], &[child.to_owned()]].concat();
                self.modules.contains(&own).then(|| [module, path].concat())
            }
        }
        .filter(|path| !path.is_empty())
    }

    /// The file that declares the item at a path.
    fn resolve(&self, mut path: Module) -> Option<&'m Module> {
        for _ in 0..9 {
            let (module, length) = (0..=path.len()).rev().find_map(|length| {
                let module = self.modules.get(&path[..length].to_vec())?;
                Some((*module, length))
            })?;
            match path.get(length).and_then(|name| self.re_exports.get(&(module, name.clone()))) {
                Some(next) if *next != path => path = [&next[..], &path[length + 1..]].concat(),
                _ => return Some(module),
            }
        }
        None
    }
}

fn is_use(statement: &str) -> bool {
    statement.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("use ") || line.starts_with("pub") && line.contains(" use ")
    })
}

/// Whether a statement declares a module in another file: `pub(crate) mod codec;`
fn is_mod(statement: &str) -> bool {
    let line = statement.trim_end_matches(';').lines().last().unwrap_or_default().trim_start();
    line.starts_with("mod ") || line.starts_with("pub") && line.contains(" mod ") && !line.contains('{')
}

/// The paths of all `use` declarations, and whether each is a re-export.
fn uses(text: &str) -> Vec<(Module, bool)> {
    let mut paths = Vec::new();
    for statement in text.split(';').filter(|statement| is_use(statement)) {
        let Some((front, tree)) = statement.rsplit_once("use ") else { continue };
        let is_public = front.lines().last().is_some_and(|line| line.trim_start().starts_with("pub"));
        expand("", tree, &mut |path| {
            let path = path.split(" as ").next().unwrap();
            let parts = path.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
            let parts: Module = parts.filter(|part| part != "self" || path.trim().starts_with("self")).collect();
            if !parts.is_empty() {
                paths.push((parts, is_public));
            }
        });
    }
    paths
}

/// Calls `f` with each path of a `use` tree: `a::{b, c::d}`.
fn expand(front: &str, tree: &str, f: &mut dyn FnMut(&str)) {
    let Some((head, rest)) = tree.split_once('{') else { return f(&format!("{front}{tree}")) };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[start..at].trim();
                if !part.is_empty() {
                    expand(&format!("{front}{}", head.trim()), part, f);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

fn reaches_itself(edges: &BTreeMap<&Module, BTreeSet<&Module>>, module: &Module) -> bool {
    let mut pending: Vec<&Module> = edges[module].iter().copied().collect();
    let mut seen = BTreeSet::new();
    while let Some(next) = pending.pop() {
        if next == module {
            return true;
        }
        if seen.insert(next) {
            pending.extend(&edges[next]);
        }
    }
    false
}
