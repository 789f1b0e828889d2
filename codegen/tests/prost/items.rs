//! Reads the claims that a file makes about messages, oneofs and enums, whatever its layout.

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Item, Meta, Token};

/// One claim about a type, a field or a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// `a::b::C`, or `a::b::C.d`
    pub of: String,
    /// `derives`, `prost`, `type`, …
    pub what: &'static str,
    pub value: String,
}

/// Reads all claims of a text, in order.
pub fn claims(text: &str) -> syn::Result<Vec<Claim>> {
    let file = syn::parse_file(text)?;
    let mut claims = Vec::new();
    for item in &file.items {
        read(item, "", &mut claims);
    }
    Ok(claims)
}

fn read(item: &Item, scope: &str, claims: &mut Vec<Claim>) {
    match item {
        Item::Struct(item) if is_of_prost(&item.attrs) => {
            let name = format!("{scope}{}", item.ident);
            of_type(&name, &item.attrs, claims);
            if let Fields::Named(fields) = &item.fields {
                for field in &fields.named {
                    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                    of_member(&format!("{name}.{ident}"), &field.attrs, &spelled(&field.ty), claims);
                }
            }
        }
        Item::Enum(item) if is_of_prost(&item.attrs) => {
            let name = format!("{scope}{}", item.ident);
            of_type(&name, &item.attrs, claims);
            for variant in &item.variants {
                let number = variant.discriminant.as_ref().map(|(_, number)| spelled(number).replace('_', ""));
                let value = number.unwrap_or_else(|| spelled(&variant.fields));
                of_member(&format!("{name}.{}", variant.ident), &variant.attrs, &value, claims);
            }
        }
        Item::Impl(item) => {
            let ty = spelled(&item.self_ty);
            for function in &item.items {
                if let syn::ImplItem::Fn(function) = function {
                    let name = function.sig.ident.to_string();
                    if ["as_str_name", "from_str_name"].contains(&&*name) {
                        let body = spelled(&function.block).replace("#[allow(deprecated)]", "").replace(",)", ")");
                        let value = body.replace("=>{", "=>").replace("},", ",").replace(['}', '{'], "");
                        claims.push(Claim {
                            of: format!("{scope}{ty}"),
                            what: "function",
                            value: value.replace(',', ""),
                        });
                    }
                }
            }
        }
        Item::Mod(module) => {
            let scope = format!("{scope}{}::", module.ident);
            let items = module.content.iter().flat_map(|(_, items)| items);
            items.for_each(|item| read(item, &scope, claims));
        }
        _ => {}
    }
}

fn of_type(of: &str, attributes: &[Attribute], claims: &mut Vec<Claim>) {
    let mut claim = |what, value| claims.push(Claim { of: of.to_owned(), what, value });
    claim("derives", derives(attributes).join(", "));
    claim("prost", prost(attributes));
    claim("deprecated", is_deprecated(attributes).to_string());
}

fn of_member(of: &str, attributes: &[Attribute], value: &str, claims: &mut Vec<Claim>) {
    let mut claim = |what, value| claims.push(Claim { of: of.to_owned(), what, value });
    let prost = prost(attributes);
    let words = ["group", "required", "optional"].into_iter().filter(|word| prost.contains(word));
    claim("type", [value].into_iter().chain(words).collect::<Vec<_>>().join(" "));
    claim("prost", prost);
    claim("deprecated", is_deprecated(attributes).to_string());
}

fn is_of_prost(attributes: &[Attribute]) -> bool {
    derives(attributes).iter().any(|name| ["Message", "Oneof", "Enumeration"].iter().any(|kind| name.ends_with(kind)))
}

fn derives(attributes: &[Attribute]) -> Vec<String> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let paths = lists.filter_map(|attribute| match &attribute.meta {
        Meta::List(list) => list.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated).ok(),
        _ => None,
    });
    paths.flatten().map(|path| spelled(&path)).collect()
}

fn prost(attributes: &[Attribute]) -> String {
    let of_prost = attributes.iter().filter(|attribute| attribute.path().is_ident("prost"));
    of_prost.map(|attribute| spelled(&attribute.meta)).collect::<Vec<_>>().join(" ")
}

fn is_deprecated(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("deprecated"))
}

fn spelled(syntax: &impl ToTokens) -> String {
    syntax.to_token_stream().to_string().replace(' ', "").replace(",>", ">").replace(",)", ")")
}
