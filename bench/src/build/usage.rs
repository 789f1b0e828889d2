//! Writes a program that implements and calls every method of a descriptor set, with the stubs of one side.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use heck::{ToSnakeCase, ToUpperCamelCase};
use prost_types::{FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto, ServiceDescriptorProto};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Side {
    Rgrpc,
    Tonic,
}

pub(crate) fn main_of(set: &Path, side: Side) -> io::Result<String> {
    let set: FileDescriptorSet = prost::Message::decode(&*fs::read(set)?)?;
    let services: Vec<Service> = set.file.iter().flat_map(services).collect();
    let mut text = String::from("#[allow(warnings)]\n#[path = \"generated/mod.rs\"]\nmod proto;\n\nstruct Server;\n");
    for service in &services {
        service.implement(side, &mut text);
        service.call(side, &mut text);
    }
    text.push_str("\n#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {\n");
    text.push_str("    let address = std::env::args().nth(1).unwrap_or_default();\n");
    text.push_str(
        "    if let Ok(address) = address.parse() {\n        let server = tonic::transport::Server::builder()",
    );
    for Service { server, name, .. } in &services {
        let _ = write!(text, "\n            .add_service({server}::{name}Server::new(Server))");
    }
    text.push_str(";\n        return Ok(server.serve(address).await?);\n    }\n");
    text.push_str("    let channel = tonic::transport::Endpoint::try_from(address)?.connect().await?;\n");
    for service in &services {
        let _ = writeln!(text, "    {}(channel.clone()).await?;", service.snake);
    }
    text.push_str("    Ok(())\n}\n");
    Ok(text)
}

struct Service {
    name: String,
    snake: String,
    client: String,
    server: String,
    methods: Vec<Method>,
}

struct Method {
    name: String,
    camel: String,
    request: String,
    response: String,
    client_streaming: bool,
    server_streaming: bool,
}

fn services(file: &FileDescriptorProto) -> impl Iterator<Item = Service> {
    let module = path(&format!(".{}", file.package()));
    file.service.iter().map(move |service: &ServiceDescriptorProto| {
        let snake = service.name().to_snake_case();
        Service {
            client: format!("{module}::{snake}_client"),
            server: format!("{module}::{snake}_server"),
            methods: service.method.iter().map(method).collect(),
            name: service.name().to_owned(),
            snake,
        }
    })
}

fn method(method: &MethodDescriptorProto) -> Method {
    Method {
        name: method.name().to_snake_case(),
        camel: method.name().to_upper_camel_case(),
        request: type_of(method.input_type()),
        response: type_of(method.output_type()),
        client_streaming: method.client_streaming(),
        server_streaming: method.server_streaming(),
    }
}

/// `.google.api` becomes `proto::google::api`.
fn path(package: &str) -> String {
    package.replacen('.', "proto::", 1).replace('.', "::")
}

fn type_of(name: &str) -> String {
    if name == ".google.protobuf.Empty" { "()".to_owned() } else { path(name) }
}

impl Service {
    /// Implements the trait of the service with default messages as responses.
    fn implement(&self, side: Side, text: &mut String) {
        let (attribute, krate) = match side {
            Side::Rgrpc => ("", "rgrpc"),
            Side::Tonic => ("#[tonic::async_trait]\n", "tonic"),
        };
        let Self { server, name, .. } = self;
        let _ = writeln!(text, "\n{attribute}impl {server}::{name} for Server {{");
        for Method { name, camel, request, response, client_streaming, server_streaming } in &self.methods {
            let request = if *client_streaming { format!("{krate}::Streaming<{request}>") } else { request.clone() };
            let (reply, value) = match (server_streaming, side) {
                (false, _) => (response.clone(), "Default::default()"),
                (true, Side::Rgrpc) => (format!("impl rgrpc::ServerStream<{response}>"), "tokio_stream::empty()"),
                (true, Side::Tonic) => (format!("Self::{camel}Stream"), "tokio_stream::empty()"),
            };
            if *server_streaming && side == Side::Tonic {
                let _ =
                    writeln!(text, "    type {camel}Stream = tokio_stream::Empty<Result<{response}, tonic::Status>>;");
            }
            let _ = writeln!(
                text,
                "    async fn {name}(&self, _: {krate}::Request<{request}>) \
                 -> Result<{krate}::Response<{reply}>, {krate}::Status> {{\n        \
                 Ok({krate}::Response::new({value}))\n    }}"
            );
        }
        text.push_str("}\n");
    }

    /// A function that calls every method once.
    fn call(&self, side: Side, text: &mut String) {
        let Self { client, name, snake, .. } = self;
        let mutable = if side == Side::Tonic { "mut " } else { "" };
        let _ =
            writeln!(text, "\nasync fn {snake}(channel: tonic::transport::Channel) -> Result<(), tonic::Status> {{");
        let _ = writeln!(text, "    let {mutable}client = {client}::{name}Client::new(channel);");
        for Method { name, request, client_streaming, .. } in &self.methods {
            let argument = if *client_streaming {
                format!("tokio_stream::empty::<{request}>()")
            } else if request == "()" {
                request.clone()
            } else {
                format!("{request}::default()")
            };
            let _ = writeln!(text, "    let _ = client.{name}({argument}).await?.into_inner();");
        }
        text.push_str("    Ok(())\n}\n");
    }
}
