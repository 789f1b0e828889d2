//! The rules about services that both versions have, and about their methods.

use std::fmt::Display;

use rgrpc_schema::descriptor::IdempotencyLevel;
use rgrpc_schema::full_name::display_name;
use rgrpc_schema::schema;
use rgrpc_schema::tags::method::{INPUT_TYPE, OPTIONS, OUTPUT_TYPE};
use rgrpc_schema::tags::method_options::IDEMPOTENCY_LEVEL;
use rgrpc_schema::tags::service::METHOD;

use super::elements::{self, Located};
use super::report::Report;
use super::versions::Versions;

type ServicePair<'p, 'v> = &'p Versions<&'v schema::Service<'v>>;
type MethodPair<'p, 'v> = &'p Versions<elements::DeclaredMethod<'v>>;

pub(super) fn no_method_deleted(pair: ServicePair<'_, '_>, report: &mut Report<'_>) {
    for (index, method) in (0..).zip(&pair.old.descriptor.method) {
        if pair.new.descriptor.method.iter().all(|new| new.name() != method.name()) {
            let old = pair.old.location().below(&[METHOD, index]);
            let name = format!("{}.{}", pair.old.at.full_name, method.name());
            let message =
                format!("RPC `{}` was deleted from service `{}`", method.name(), display_name(&pair.new.at.full_name));
            report.push(&name, Some(old), Some(pair.new.location()), message);
        }
    }
}

pub(super) fn same_client_streaming(pair: MethodPair<'_, '_>, report: &mut Report<'_>) {
    let streaming = pair.map(|method| if method.descriptor.client_streaming { "a stream" } else { "one request" });
    changed(pair, &streaming, "takes", &[], report);
}

pub(super) fn same_server_streaming(pair: MethodPair<'_, '_>, report: &mut Report<'_>) {
    let streaming = pair.map(|method| if method.descriptor.server_streaming { "a stream" } else { "one response" });
    changed(pair, &streaming, "returns", &[], report);
}

pub(super) fn same_request_type(pair: MethodPair<'_, '_>, report: &mut Report<'_>) {
    let ty = pair.map(|method| format!("`{}`", display_name(method.descriptor.input_type())));
    changed(pair, &ty, "takes", &[INPUT_TYPE], report);
}

pub(super) fn same_response_type(pair: MethodPair<'_, '_>, report: &mut Report<'_>) {
    let ty = pair.map(|method| format!("`{}`", display_name(method.descriptor.output_type())));
    changed(pair, &ty, "returns", &[OUTPUT_TYPE], report);
}

pub(super) fn same_idempotency_level(pair: MethodPair<'_, '_>, report: &mut Report<'_>) {
    let level = pair.map(|method| match method.descriptor.idempotency_level() {
        IdempotencyLevel::IdempotencyUnknown => "IDEMPOTENCY_UNKNOWN",
        IdempotencyLevel::NoSideEffects => "NO_SIDE_EFFECTS",
        IdempotencyLevel::Idempotent => "IDEMPOTENT",
    });
    changed(pair, &level, "is", &[OPTIONS, IDEMPOTENCY_LEVEL], report);
}

/// ``RPC `user.v1.Users.Get` takes a stream instead of one request``.
fn changed<W: PartialEq + Display>(
    pair: MethodPair<'_, '_>,
    what: &Versions<W>,
    verb: &str,
    steps: &[i32],
    report: &mut Report<'_>,
) {
    if what.differ() {
        let name = pair.new.full_name();
        let name = display_name(&name);
        report.changed_at(pair, steps, format!("RPC `{name}` {verb} {} instead of {}", what.new, what.old));
    }
}
