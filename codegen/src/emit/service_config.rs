//! Emits the constants of a service config.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::ServiceConfig;

pub(super) fn constant(config: &ServiceConfig) -> TokenStream {
    let ServiceConfig { file, attributes, json } = config;
    let summary = format!(" The service config `{file}`, which the clients apply unless their channel has its own.");
    let json = raw(json);
    quote! {
        #[doc = #summary]
        #attributes
        pub const SERVICE_CONFIG: &str = #json;

        #attributes
        static GENERATED_CONFIG: ::rgrpc::codegen::GeneratedConfig =
            ::rgrpc::codegen::GeneratedConfig::new(SERVICE_CONFIG);
    }
}

/// A raw string literal, which keeps a JSON text readable. Rust accepts at most 255 `#`.
fn raw(text: &str) -> Literal {
    let mut marks = (1..=255).map(|count| "#".repeat(count));
    let Some(marks) = marks.find(|marks| !text.contains(&format!("\"{marks}"))) else { return Literal::string(text) };
    let literal = format!("r{marks}\"{text}\"{marks}");
    literal.parse().unwrap_or_else(|error| panic!("rgrpc-codegen bug: `{literal}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_has_the_value_of_any_text() {
        let marks = |count| format!("\"{}", "#".repeat(count));
        for text in ["", "{}", "{\n  \"a\": 1\n}", "\"#", "\"##", "\\", &marks(254), &marks(255), &marks(300)] {
            let parsed: syn::LitStr = syn::parse_str(&raw(text).to_string()).unwrap();
            assert_eq!(parsed.value(), text);
        }
    }
}
