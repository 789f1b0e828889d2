//! Parses `service Greeter { .. }`.

use super::locations::index;
use super::parser::{Parse, Parser};
use crate::file::{MethodDecl, ServiceDecl, Spanned};
use crate::tags::{method, service as tags};

impl Parser<'_> {
    pub(super) fn service(&mut self, location: usize) -> Parse<ServiceDecl> {
        self.advance();
        let name = self.current;
        let mut service = ServiceDecl { name: self.identifier("the service's name")?, ..ServiceDecl::default() };
        self.since(location, &[tags::NAME], name);
        self.end("{", location)?;
        self.body(name, |parser| {
            if parser.eat_end(";", None) {
                return Ok(());
            }
            if parser.at("option") {
                return parser.option_statement(&mut service.options, location, tags::OPTIONS);
            }
            let inner = parser.open(location, &[tags::METHOD, index(&service.methods)]);
            service.methods.push(parser.method(inner)?);
            parser.close(inner);
            Ok(())
        })?;
        Ok(service)
    }

    fn method(&mut self, location: usize) -> Parse<MethodDecl> {
        self.expect("rpc")?;
        let name = self.current;
        let mut rpc = MethodDecl { name: self.identifier("the rpc's name")?, ..MethodDecl::default() };
        self.since(location, &[method::NAME], name);
        let tags = (method::CLIENT_STREAMING, method::INPUT_TYPE);
        (rpc.client_streaming, rpc.input) = self.method_type(location, tags)?;
        self.expect("returns")?;
        let tags = (method::SERVER_STREAMING, method::OUTPUT_TYPE);
        (rpc.server_streaming, rpc.output) = self.method_type(location, tags)?;
        if !self.at("{") {
            self.end(";", location)?;
            return Ok(rpc);
        }
        rpc.body = true;
        self.end("{", location)?;
        self.body(name, |parser| {
            if parser.eat_end(";", None) {
                return Ok(());
            }
            if !parser.at("option") {
                return parser.expect("option");
            }
            parser.option_statement(&mut rpc.options, location, method::OPTIONS)
        })?;
        Ok(rpc)
    }

    /// Parses `(stream Message)`; returns whether there is a `stream`, and the message's name.
    fn method_type(&mut self, location: usize, (stream_tag, type_tag): (i32, i32)) -> Parse<(bool, Spanned<String>)> {
        self.expect("(")?;
        let stream = self.at("stream");
        if stream {
            let word = self.advance();
            self.since(location, &[stream_tag], word);
        }
        let first = self.current;
        let name = self.type_name()?;
        self.since(location, &[type_tag], first);
        self.expect(")")?;
        Ok((stream, name))
    }
}
