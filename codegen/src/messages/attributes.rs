//! Pieces of syntax in, changed pieces of syntax out.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span};
use syn::punctuated::Punctuated;
use syn::token::Bracket;
use syn::{
    Arm, AttrStyle, Attribute, Expr, ExprLit, FnArg, ImplItem, ItemImpl, Lit, LitInt, LitStr, Meta, MetaNameValue, Pat,
    Stmt, Token, Variant, parse_quote,
};

/// `#[doc = "line"]`, built by hand because comments are most of a file and parsing them takes most of the time.
pub(super) fn doc(line: &str) -> Attribute {
    let value = Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Str(LitStr::new(line, Span::call_site())) });
    let path = Ident::new("doc", Span::call_site()).into();
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta: Meta::NameValue(MetaNameValue { path, eq_token: <Token![=]>::default(), value }),
    }
}

/// Takes `Debug` out of a `derive`.
pub(super) fn without_debug(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let derived = attribute.parse_args_with(Punctuated::<syn::Path, Token![,]>::parse_terminated);
    let kept = derived.into_iter().flatten().filter(|path| !path.is_ident("Debug"));
    *attribute = parse_quote!(#[derive(#(#kept),*)]);
}

/// Groups the digits of the numbers of an enum.
pub(super) fn group_digits(variant: &mut Variant) {
    let number = match &mut variant.discriminant {
        Some((_, Expr::Unary(negative))) => &mut *negative.expr,
        Some((_, number)) => number,
        None => return,
    };
    if let Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) = number {
        *literal = LitInt::new(&grouped(literal.base10_digits()), literal.span());
    }
}

fn grouped(digits: &str) -> String {
    let group_ends = |index: usize| index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4;
    digits.char_indices().fold(String::new(), |mut out, (index, digit)| {
        if group_ends(index) {
            out.push('_');
        }
        out.push(digit);
        out
    })
}

/// Completes the functions between an enum and the names of its values.
///
/// The names are those of JSON and text format, so a value that was renamed for Rust gets its declared name back.
pub(super) fn complete_names(functions: &mut ItemImpl, declared: &BTreeMap<&str, &str>) {
    for item in &mut functions.items {
        let ImplItem::Fn(function) = item else { continue };
        let docs = if function.sig.inputs.first().is_some_and(|input| matches!(input, FnArg::Receiver(_))) {
            " Returns the name of this value in the `.proto` file."
        } else {
            " Returns the value that has this name in the `.proto` file."
        };
        function.attrs = vec![doc(docs), parse_quote!(#[must_use])];
        let arms = function.block.stmts.iter_mut().filter_map(|statement| match statement {
            Stmt::Expr(Expr::Match(expression), _) => Some(&mut expression.arms),
            _ => None,
        });
        arms.flatten().for_each(|arm| complete_arm(arm, declared));
    }
}

fn complete_arm(arm: &mut Arm, declared: &BTreeMap<&str, &str>) {
    if let Pat::Lit(ExprLit { lit: Lit::Str(name), .. }) = &mut arm.pat {
        restore(name, declared);
    }
    if let Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) = &mut *arm.body {
        restore(name, declared);
    }
}

fn restore(name: &mut LitStr, declared: &BTreeMap<&str, &str>) {
    if let Some(declared) = declared.get(&*name.value()) {
        *name = LitStr::new(declared, name.span());
    }
}
