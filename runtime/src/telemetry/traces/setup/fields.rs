//! Formats fields as text, without those that only tracing backends need.

use std::error::Error;
use std::fmt::Debug;

use tracing::field::{Field, Visit};
use tracing_subscriber::field::{RecordFields, VisitOutput};
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::{DefaultVisitor, Writer};

/// Formats as tracing-subscriber does, but leaves out `otel.*` and `rpc.system.name`.
pub(super) struct Fields;

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> std::fmt::Result {
        let mut visitor = Visitor(DefaultVisitor::new(writer, true));
        fields.record(&mut visitor);
        visitor.0.finish()
    }
}

struct Visitor<'a>(DefaultVisitor<'a>);

impl Visit for Visitor<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let is_for_backends = field.name().starts_with("otel.") || field.name() == "rpc.system.name";
        if !is_for_backends {
            self.0.record_debug(field, value);
        }
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.0.record_error(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.record_debug(field, &format_args!("{value}"));
        } else {
            self.record_debug(field, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io,
        sync::{Arc, Mutex},
    };
    use tracing_subscriber::{fmt, layer::SubscriberExt, registry};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(line)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_has_the_method_and_the_trace_but_no_fields_for_backends() {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = fmt::layer().with_ansi(false).without_time().fmt_fields(Fields).with_writer(move || writer.clone());
        tracing::subscriber::with_default(registry().with(layer), || {
            let span = tracing::info_span!(
                "rpc.server",
                otel.name = "user.v1.UserService/GetUser",
                otel.kind = "server",
                rpc.system.name = "grpc",
                rpc.method = "user.v1.UserService/GetUser",
                trace_id = tracing::field::Empty,
            );
            span.record("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
            span.in_scope(|| tracing::info!(target: "users", user = 7, "found"));
        });
        let line = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let method = r#"rpc.method="user.v1.UserService/GetUser" trace_id="4bf92f3577b34da6a3ce929d0e0e4736""#;
        assert_eq!(line, format!(" INFO rpc.server{{{method}}}: users: found user=7\n"));
    }
}
