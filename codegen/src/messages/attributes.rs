//! Pieces of syntax in, changed pieces of syntax out.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span};
use syn::token::Bracket;
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, ImplItem, ItemImpl, Lit, LitStr, Meta, MetaNameValue, Pat, Stmt, Token,
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

/// Puts the declared names of enum values back into `as_str_name` and `from_str_name`, which speak JSON and text
/// format, not Rust.
pub(super) fn restore_names(functions: &mut ItemImpl, declared: &BTreeMap<&str, &str>) {
    let bodies = functions.items.iter_mut().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(&mut function.block.stmts),
        _ => None,
    });
    let arms = bodies.flatten().filter_map(|statement| match statement {
        Stmt::Expr(Expr::Match(expression), _) => Some(&mut expression.arms),
        _ => None,
    });
    for arm in arms.flatten() {
        if let Pat::Lit(ExprLit { lit: Lit::Str(name), .. }) = &mut arm.pat {
            restore(name, declared);
        }
        if let Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) = &mut *arm.body {
            restore(name, declared);
        }
    }
}

fn restore(name: &mut LitStr, declared: &BTreeMap<&str, &str>) {
    if let Some(declared) = declared.get(&*name.value()) {
        *name = LitStr::new(declared, name.span());
    }
}
