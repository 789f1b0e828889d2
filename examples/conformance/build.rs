//! Generates the messages of the suite from the folder that `CONFORMANCE_PROTOS` names: so that they keep what they do not
//! declare, as prost has them, and those of edition 2023 once more as edition 2024, for the tests to compare.

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
    let folder = folder.ok_or("CONFORMANCE_PROTOS names no folder: run .ci/conformance, which fetches the files")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let files = FILES.map(|file| folder.join(file));
    configured()
        // For fields.py, which compares them with what is generated.
        .file_descriptor_set_path(out.join("descriptors.binpb"))
        .compile_protos(&files, std::slice::from_ref(&folder))?;
    into(&out, "kept")?
        .unknown_fields(".")
        .compile_well_known_types(true)
        .compile_protos(&files, std::slice::from_ref(&folder))?;

    let rewritten = out.join("protos_2024");
    let files = FILES.into_iter().filter(|file| file.contains("edition"));
    let files = files.map(|file| rewrite(file, &folder, &rewritten)).collect::<Result<Vec<_>, _>>()?;
    into(&out, "edition_2024")?.compile_protos(&files, &[rewritten])?;
    Ok(())
}

fn configured() -> Builder {
    rgrpc_build::configure().json(true).text(true)
}

/// The same into another folder, without the warnings, which would be given twice.
fn into(out: &Path, folder: &str) -> std::io::Result<Builder> {
    let folder = out.join(folder);
    fs::create_dir_all(&folder)?;
    Ok(configured().unsupported(Unsupported::Allow).out_dir(folder))
}

/// Declares a file of edition 2023 in edition 2024, without what the latter refuses, and leaves each line where it is.
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
