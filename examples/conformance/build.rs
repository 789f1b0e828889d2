//! Generates the messages of the suite from the folder that `CONFORMANCE_PROTOS` names: with and without unknown fields, and those of
//! edition 2023 again as edition 2024, so that the tests can compare them.

use std::path::{Path, PathBuf};
use std::{env, fs};

use rgrpc_build::{Builder, Unsupported};

const FILES: [&str; 6] = [
    "conformance/conformance.proto",
    "google/protobuf/test_messages_edition2023.proto",
    "google/protobuf/test_messages_proto2.proto",
    "google/protobuf/test_messages_proto2_editions.proto",
    "google/protobuf/test_messages_proto3.proto",
    "google/protobuf/test_messages_proto3_editions.proto",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=CONFORMANCE_PROTOS");
    let folder = env::var_os("CONFORMANCE_PROTOS").map(PathBuf::from);
    let folder = folder.ok_or("CONFORMANCE_PROTOS is not set: run .ci/conformance, which fetches the files")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let files = FILES.map(|file| folder.join(file));
    configured()
        // fields.py compares the descriptors with the generated code.
        .file_descriptor_set_path(out.join("descriptors.binpb"))
        .compile_protos(&files, std::slice::from_ref(&folder))?;
    into_folder(&out, "kept")?
        .unknown_fields(".")
        .compile_well_known_types(true)
        .compile_protos(&files, std::slice::from_ref(&folder))?;

    let rewritten = out.join("protos_2024");
    let files = FILES.into_iter().filter(|file| file.contains("edition"));
    let files = files.map(|file| rewrite(file, &folder, &rewritten)).collect::<Result<Vec<_>, _>>()?;
    into_folder(&out, "edition_2024")?.compile_protos(&files, &[rewritten])?;
    Ok(())
}

fn configured() -> Builder {
    rgrpc_build::configure().json(true).text(true)
}

/// The same builder for another folder, without the warnings, which would be repeated.
fn into_folder(out: &Path, folder: &str) -> std::io::Result<Builder> {
    let folder = out.join(folder);
    fs::create_dir_all(&folder)?;
    Ok(configured().unsupported(Unsupported::Allow).out_dir(folder))
}

/// Rewrites a file of edition 2023 to edition 2024, without the features that the latter has removed. Lines keep their numbers.
fn rewrite(file: &str, from: &Path, to: &Path) -> std::io::Result<PathBuf> {
    const OPTIONS: &str = "option features.enforce_naming_style = STYLE_LEGACY; \
        option features.default_symbol_visibility = EXPORT_ALL;";
    let text = fs::read_to_string(from.join(file))?
        .replace("edition = \"2023\";", &format!("edition = \"2024\"; {OPTIONS}"))
        .replace("option java_multiple_files = true;", "")
        .replace("ctype = CORD", "deprecated = false")
        .replace("ctype = STRING_PIECE", "deprecated = false");
    assert!(text.contains("\nedition = \"2024\";"), "{file} is not of edition 2023");
    let path = to.join(file);
    fs::create_dir_all(path.parent().expect("a file in a folder"))?;
    fs::write(&path, text)?;
    Ok(path)
}
