//! Rules of oneofs that only a decoded file can break.

use super::super::elements::Element;
use super::super::pool::Pool;
use super::super::report::Report;
use crate::file::{Label, MessageDecl};

pub(in super::super) fn oneofs(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    pool.for_each(file, |_, element| {
        if let Element::Message(message, _) = element
            && !message.oneofs.is_empty()
        {
            check(message, report);
        }
    });
}

fn check(message: &MessageDecl, report: &mut Report<'_>) {
    let mut counts = vec![0_usize; message.oneofs.len()];
    let mut synthetic = vec![false; message.oneofs.len()];
    for (index, field) in message.fields.iter().enumerate() {
        let name = &field.name.value;
        let Some(oneof) = field.oneof else {
            if field.proto3_optional {
                report.error(field.name.span, format!("field `{name}` is `proto3_optional`, but in no oneof"));
            }
            continue;
        };
        if oneof >= counts.len() {
            report.error(field.name.span, format!("field `{name}` is in oneof {oneof}, which does not exist"));
            continue;
        }
        if counts[oneof] > 0 && message.fields[index - 1].oneof != Some(oneof) {
            let before = &message.fields[index - 1];
            let (before_name, oneof) = (&before.name.value, &message.oneofs[oneof].name.value);
            let text =
                format!("field `{before_name}` is between the fields of oneof `{oneof}`, which must be consecutive");
            report.error(before.type_span, text);
        }
        counts[oneof] += 1;
        synthetic[oneof] |= field.proto3_optional;
        if field.label.is_some_and(|label| label.value != Label::Optional) {
            report.error(field.name.span, format!("field `{name}` of a oneof must be optional"));
        }
    }
    for field in message.fields.iter().filter(|field| field.proto3_optional) {
        if field.oneof.and_then(|oneof| counts.get(oneof)).is_some_and(|&count| count != 1) {
            let text = format!("field `{}` is `proto3_optional`, but not alone in its oneof", field.name.value);
            report.error(field.name.span, text);
        }
    }
    let first = synthetic.iter().position(|&synthetic| synthetic).unwrap_or(synthetic.len());
    for (index, oneof) in message.oneofs.iter().enumerate() {
        let name = &oneof.name.value;
        if counts[index] == 0 {
            report.error(oneof.name.span, format!("oneof `{name}` has no fields"));
        } else if index > first && !synthetic[index] {
            let text = format!("oneof `{name}` comes after the synthetic oneofs of `optional` fields");
            report.error(oneof.name.span, text);
        }
    }
}
