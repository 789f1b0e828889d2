//! Claims about the generator that must hold for any input. Each is a function, and panics if the claim does not hold.
//!
//! The tests of rgrpc-codegen include this file as a module, so that they check the same claims without a fuzzer.

mod breaking;
mod choices;
mod comment;
mod damage;
mod distinct;
mod seeds;
mod wire;

use prost::Message;
use prost_types::compiler::CodeGeneratorResponse;
use rgrpc_codegen::{Options, plugin};

pub use breaking::breaking;
pub use comment::comment;
pub use seeds::{comments, parameters, requests};

/// Checks that any bytes are rejected, or answered with errors or with files that are Rust.
///
/// # Panics
/// Panics if the claim does not hold.
pub fn request(bytes: &[u8]) {
    let Ok(reply) = plugin::run(bytes.to_vec(), read) else { return };
    let response = CodeGeneratorResponse::decode(&*reply.response).expect("the response is one");
    assert!(response.error.is_none() || response.file.is_empty(), "an error comes with files");
    assert!(response.error.as_ref().is_none_or(|error| !error.is_empty()), "an error says nothing");
    distinct::check(&response.file);
}

/// Reads the service configs of real requests, and no other file.
fn read(path: &str) -> Result<String, String> {
    let is_seed = path.starts_with(testdata::folder().to_str().unwrap_or_default()) && !path.contains("..");
    is_seed.then(|| std::fs::read_to_string(path).ok()).flatten().ok_or_else(|| "there is no such file".to_owned())
}

/// Checks the claim of [`request`] for a real request that `choices` damage.
///
/// # Panics
/// Panics if the claim does not hold.
pub fn generate(choices: &[u8]) {
    request(&damaged(choices));
}

/// A real request that `choices` damage.
#[must_use]
pub fn damaged(choices: &[u8]) -> Vec<u8> {
    damage::damaged(seeds::trees(), choices)
}

/// Checks that any plugin parameter is rejected, or results in options with which a real request is answered.
///
/// # Panics
/// Panics if the claim does not hold.
pub fn options(parameter: &str) {
    let Ok(options) = Options::parse(parameter) else { return };
    let prost = options.to_string().split(',').find_map(|option| option.strip_prefix("prost_path=").map(str::to_owned));
    for path in options.extern_paths().map(|(_, rust)| rust).chain(prost.as_deref()) {
        let is_absolute = path == "crate" || path.starts_with("::") || path.starts_with("crate::");
        assert!(is_absolute, "{path:?} depends on where it stands");
        let path = format!("{path}::a::B");
        let parsed: syn::Path = syn::parse_str(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let is_plain = parsed.segments.iter().all(|segment| segment.arguments.is_none());
        assert!(is_plain, "{path:?} has arguments");
    }
    request(&seeds::with_parameter(parameter));
}
