//! Groups files into packages, and decides the module and the output file of each.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::full_name::scope;
use rgrpc_schema::schema::Schema;
use rgrpc_schema::source::Path;
use rgrpc_schema::{Diagnostic, Errors, join, without_source_info};

use super::extern_paths::ExternPaths;
use crate::model::Package;
use crate::names::{self, Name};
use crate::options::Options;

/// The most bytes in a file name that common file systems accept.
const FILE_NAME_LIMIT: usize = 255;

/// Returns one package per distinct `package` statement of the generated files, sorted by name.
pub(super) fn collect(
    schema: &Schema<'_>,
    generated: &[usize],
    externs: &ExternPaths,
    errors: &mut Errors,
) -> Vec<Package> {
    let mut files: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for &file in generated {
        files.entry(schema.files[file].descriptor.package()).or_default().push(file);
    }
    files.retain(|package, files| {
        let has_service = || files.iter().any(|&file| !schema.files[file].services.is_empty());
        !externs.covers_package(&scope(package)) && (!externs.covers_all_types() || has_service())
    });
    let packages = files.into_iter().map(|(name, files)| package(name, files)).collect::<Vec<_>>();
    reject_equal_modules(&packages, schema, errors);
    reject_long_file_names(&packages, schema, errors);
    packages
}

/// The last name segments of the packages directly below each package: `v1` below `user`.
pub(super) type Children<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

pub(super) fn children<'a>(schema: &Schema<'a>) -> Children<'a> {
    let mut children = Children::new();
    let packages = schema.files.iter().map(|file| file.descriptor.package());
    for package in packages.filter(|package| !package.is_empty()) {
        let mut start = 0;
        for part in package.split('.') {
            children.entry(package[..start].trim_end_matches('.')).or_default().insert(part);
            start += part.len() + 1;
        }
    }
    children
}

fn package(name: &str, files: Vec<usize>) -> Package {
    let modules: Vec<_> = name.split('.').filter(|part| !part.is_empty()).map(names::snake).collect();
    Package {
        name: name.to_owned(),
        file_name: file_name(&modules),
        modules: modules.iter().map(Name::new).collect(),
        files,
        services: Vec::new(),
        service_config: None,
        descriptor_set: None,
        json: None,
        text: None,
        type_names: Vec::new(),
        feature: None,
    }
}

/// `user.v1.rs`, or `_.rs` for files without a package. The names are in lower case, so that they are distinct on case-insensitive file
/// systems too.
fn file_name(modules: &[String]) -> String {
    let stem = if modules.is_empty() { "_".to_owned() } else { modules.join(".") };
    match stem.split_once('.').unwrap_or((&stem, "")) {
        (device, "") if is_device(device) => format!("{device}_.rs"),
        (device, rest) if is_device(device) => format!("{device}_.{rest}.rs"),
        _ => format!("{stem}.rs"),
    }
}

/// Whether Windows reserves a name for a device. It does so whatever follows the first dot.
fn is_device(name: &str) -> bool {
    let numbered = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt"));
    matches!(name, "aux" | "con" | "nul" | "prn")
        || numbered.is_some_and(|number| number.parse().is_ok_and(|n: u8| n < 10))
}

fn reject_equal_modules(packages: &[Package], schema: &Schema<'_>, errors: &mut Errors) {
    let mut seen: BTreeMap<String, &Package> = BTreeMap::new();
    for package in packages {
        let modules = package.modules.iter().map(ToString::to_string).collect::<Vec<_>>().join("::");
        if let Some(other) = seen.insert(modules.clone(), package) {
            let position = schema.source(package.files[0]).position(&Path::package());
            let first = schema.source(other.files[0]).position(&Path::package());
            let message =
                format!("packages `{}` ({first}) and `{}` both become module `{modules}`", other.name, package.name);
            errors.push(Diagnostic::at(position, message).help("generate them into separate folders"));
        }
    }
}

fn reject_long_file_names(packages: &[Package], schema: &Schema<'_>, errors: &mut Errors) {
    for package in packages.iter().filter(|package| package.file_name.len() > FILE_NAME_LIMIT) {
        let position = schema.source(package.files[0]).position(&Path::package());
        let length = package.file_name.len();
        let message = format!("the package becomes a file whose name has {length} bytes, more than {FILE_NAME_LIMIT}");
        errors.push(Diagnostic::at(position, message).help("shorten the package"));
    }
}

/// Serializes the package's files and everything they import as a `FileDescriptorSet`. The bytes of each file are kept as they are,
/// without the source info.
pub(super) fn descriptor_set(package: &Package, schema: &Schema<'_>) -> Vec<u8> {
    let files = with_imports(package, schema).into_iter();
    join(&files.map(|file| without_source_info(schema.files[file].descriptor.bytes)).collect::<Vec<_>>())
}

/// Rejects a package whose file has the name of the module tree, also if they differ only in case.
pub(super) fn reject_include_file(packages: &[Package], options: &Options, errors: &mut Errors) {
    let tree = &options.include_file;
    for package in packages.iter().filter(|package| package.file_name == tree.to_lowercase()) {
        let Package { name, file_name, .. } = package;
        let message = format!("package `{name}` and option `include_file={tree}` both become the file `{file_name}`");
        errors.push(Diagnostic::new(message).help("choose another include_file"));
    }
}

/// Returns the package's files and everything they import, dependencies first.
pub(super) fn with_imports(package: &Package, schema: &Schema<'_>) -> Vec<usize> {
    let mut visited = BTreeSet::new();
    let mut order = Vec::new();
    // A file is listed when it is popped for the second time, after everything that it imports.
    let mut stack: Vec<(usize, bool)> = package.files.iter().rev().map(|&file| (file, false)).collect();
    while let Some((file, imports_listed)) = stack.pop() {
        if imports_listed {
            order.push(file);
        } else if visited.insert(file) {
            stack.push((file, true));
            let imports = schema.files[file].descriptor.dependency.iter().rev();
            stack.extend(imports.filter_map(|name| Some((schema.file_named(name)?, false))));
        }
    }
    order
}
