//! Services that both versions have, and their methods.

use std::fmt::Display;

use super::elements::{Element, shown};
use super::report::{Both, Report};
use crate::descriptor::google::protobuf::{MethodDescriptorProto, MethodOptions, ServiceDescriptorProto};

type Service<'p, 'a> = &'p Both<&'p Element<'a, ServiceDescriptorProto>>;
type Method<'p, 'a> = &'p Both<&'p Element<'a, MethodDescriptorProto>>;

/// Field numbers of `ServiceDescriptorProto`, `MethodDescriptorProto` and `MethodOptions`.
const METHOD: i32 = 2;
const INPUT_TYPE: i32 = 2;
const OUTPUT_TYPE: i32 = 3;
const OPTIONS: i32 = 4;
const IDEMPOTENCY_LEVEL: i32 = 34;

pub(super) fn no_method_deleted(pair: Service<'_, '_>, report: &mut Report<'_>) {
    for (index, method) in (0..).zip(&pair.old.proto.method) {
        if pair.new.proto.method.iter().all(|left| left.name() != method.name()) {
            let old = pair.old.place.below(&[METHOD, index]);
            let name = format!("{}.{}", pair.old.name, method.name());
            let message = format!("RPC `{}` was deleted from service `{}`", method.name(), shown(&pair.new.name));
            report.push(&name, Some(old), Some(pair.new.place.clone()), message);
        }
    }
}

pub(super) fn same_client_streaming(pair: Method<'_, '_>, report: &mut Report<'_>) {
    let streaming = pair.map(|method| if method.proto.client_streaming() { "a stream" } else { "one request" });
    changed(pair, &streaming, "takes", &[], report);
}

pub(super) fn same_server_streaming(pair: Method<'_, '_>, report: &mut Report<'_>) {
    let streaming = pair.map(|method| if method.proto.server_streaming() { "a stream" } else { "one response" });
    changed(pair, &streaming, "returns", &[], report);
}

pub(super) fn same_request_type(pair: Method<'_, '_>, report: &mut Report<'_>) {
    let ty = pair.map(|method| format!("`{}`", shown(method.proto.input_type())));
    changed(pair, &ty, "takes", &[INPUT_TYPE], report);
}

pub(super) fn same_response_type(pair: Method<'_, '_>, report: &mut Report<'_>) {
    let ty = pair.map(|method| format!("`{}`", shown(method.proto.output_type())));
    changed(pair, &ty, "returns", &[OUTPUT_TYPE], report);
}

pub(super) fn same_idempotency_level(pair: Method<'_, '_>, report: &mut Report<'_>) {
    let level = pair.map(|method| {
        let level = method.proto.options.as_ref().map(MethodOptions::idempotency_level);
        level.unwrap_or_default().as_str_name()
    });
    changed(pair, &level, "is", &[OPTIONS, IDEMPOTENCY_LEVEL], report);
}

/// ``RPC `user.v1.Users.Get` takes a stream instead of one request``.
fn changed<W: PartialEq + Display>(
    pair: Method<'_, '_>,
    what: &Both<W>,
    verb: &str,
    steps: &[i32],
    report: &mut Report<'_>,
) {
    if what.differ() {
        let name = shown(&pair.new.name);
        report.changed_at(pair, steps, format!("RPC `{name}` {verb} {} instead of {}", what.new, what.old));
    }
}
