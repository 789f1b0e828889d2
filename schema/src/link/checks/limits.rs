//! The limits of `enforce_proto_limits`, which edition 2026 introduced.

use super::super::elements::Element;
use super::super::pool::Pool;
use super::super::report::Report;
use crate::file::MessageDecl;

const FIELDS: usize = 1500;
const ONEOFS: usize = 1000;
const FIELDS_OF_ONEOF: usize = 1200;
const VALUES: usize = 1700;

pub(super) fn check(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    let mut members = Vec::new();
    pool.for_each(file, |id, element| {
        if !pool.features(id).enforces_limits() {
            return;
        }
        let mut limit = |count: usize, most: usize, what: &str| {
            if count > most {
                let text = format!("`{}` has {count} {what}, more than the limit of {most}", pool.full_name(id));
                report.error_with(pool.entry(id).span(), text, |error| {
                    error.help("split it, or set `features.enforce_proto_limits = LEGACY_NO_EXPLICIT_LIMITS`")
                });
            }
        };
        match element {
            Element::Message(message, _) => {
                limit(message.fields.len(), FIELDS, "fields");
                limit(real_oneofs(message), ONEOFS, "oneofs");
                members = vec![0; message.oneofs.len()];
                for oneof in message.fields.iter().filter_map(|field| field.oneof) {
                    members.get_mut(oneof).into_iter().for_each(|count| *count += 1);
                }
            }
            Element::Oneof(_) => {
                // The oneofs of a message follow it with nothing but its enums between, so `members` is still theirs.
                let count = members.get(pool.entry(id).position as usize).copied().unwrap_or(0);
                limit(count, FIELDS_OF_ONEOF, "fields");
            }
            Element::Enum(item) => limit(item.values.len(), VALUES, "values"),
            _ => {}
        }
    });
}

fn real_oneofs(message: &MessageDecl) -> usize {
    message.oneofs.len() - message.fields.iter().filter(|field| field.proto3_optional).count().min(message.oneofs.len())
}
