//! The command line: what can be said, and what it means.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};
use rgrpc_build::Builder;

/// Generates Rust gRPC clients, servers and messages from .proto files.
///
/// Without arguments it is a plugin: protoc and buf run it and speak to it on standard input.
#[derive(Debug, Parser)]
#[command(name = "protoc-gen-rgrpc", version, arg_required_else_help = true)]
#[command(after_help = "As a plugin: protoc --rgrpc_out=<DIR> --rgrpc_opt=<NAME>=<VALUE> -I <DIR> <FILE>...")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the code of .proto files, or of a descriptor set
    #[command(after_help = "A file in DIR that rgrpc did not generate is never overwritten or removed.\n\n\
            Exit status: 0 when the files are written, 2 when the input is broken or a file is in the way; then nothing is written.")]
    Generate(Job),
    /// Compare the files of a folder with what `generate` would write, and write nothing
    #[command(
        after_help = "Exit status: 0 when all are equal, 1 when one is stale, missing, orphaned or in the way, 2 when the input is broken."
    )]
    Check(Job),
    /// Report every change since an older version that breaks the wire, JSON or Rust
    #[command(after_help = "Exit status: 0 when nothing breaks, 1 when something does, 2 when the input is broken.")]
    Breaking(Gate),
    /// Write the descriptors of .proto files, with the bytes that protoc would write
    #[command(
        after_help = "Exit status: 0 when the file is written, 2 when the input is broken; then nothing is written."
    )]
    Descriptors(Set),
    /// List what --opt takes
    Options,
    /// List what `breaking` looks for
    Rules {
        /// How to print the rules
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Format,
    },
}

/// The arguments of a run of the generator.
#[derive(Debug, Args)]
pub(crate) struct Job {
    /// The folder of the generated files; `generate` creates it if it does not exist
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Keep nothing in DIR that the given files do not generate; `generate` removes it, `check` reports it
    #[arg(long)]
    pub(crate) prune: bool,

    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// The older version, and the rules that count.
#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// The older version: git:REVISION, git:REVISION:PATH, a folder of .proto files, or a descriptor set
    #[arg(long, value_name = "OLD")]
    pub(crate) against: PathBuf,

    /// A category or a rule that counts; repeatable; `protoc-gen-rgrpc rules` lists them [default: `WIRE_JSON,RUST`]
    #[arg(long = "use", value_name = "RULE", value_delimiter = ',')]
    pub(crate) used: Vec<String>,

    /// A category or a rule that does not count; repeatable
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) except: Vec<String>,

    /// An element that is excused, from one rule or from all: a file, a folder, or a name such as .user.v1.User; repeatable
    #[arg(long, value_name = "[RULE=]PATH")]
    pub(crate) ignore: Vec<String>,

    /// How to print the changes
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) sources: Sources,
}

/// Which descriptors to write, and where to.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "so are the flags of protoc")]
pub(crate) struct Set {
    /// The file to write, a serialized google.protobuf.FileDescriptorSet
    #[arg(short, long, value_name = "OUT", visible_alias = "descriptor_set_out")]
    pub(crate) out: PathBuf,

    /// A folder from which the files import each other; repeatable [default: the current folder]
    #[arg(short = 'I', long = "include", value_name = "DIR", visible_alias = "proto_path")]
    pub(crate) includes: Vec<PathBuf>,

    /// Write what the files import too, each file in front of those that import it
    #[arg(long, visible_alias = "include_imports")]
    pub(crate) include_imports: bool,

    /// Keep the options that only compilers read
    #[arg(long, visible_alias = "retain_options")]
    pub(crate) retain_options: bool,

    /// Leave out positions and comments
    #[arg(long)]
    pub(crate) exclude_source_info: bool,

    /// Has no effect: it is what protoc needs to write positions and comments
    #[arg(long, hide = true, alias = "include_source_info", conflicts_with = "exclude_source_info")]
    include_source_info: bool,

    /// The .proto files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// How to print a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person
    Text,
    /// For a program: an object on each line
    Json,
}

/// The files, and how they become Rust.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// A folder from which the files import each other; repeatable [default: the current folder]
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub(crate) includes: Vec<PathBuf>,

    /// An option of the generator, such as server=false; repeatable; `protoc-gen-rgrpc options` lists them
    #[arg(long = "opt", value_name = "NAME=VALUE")]
    pub(crate) options: Vec<String>,

    /// The .proto files; or a descriptor set, and which of its files to generate if not all
    ///
    /// No protoc is needed; if PROTOC names one, it reads the files.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// The kind of the listed files.
#[derive(Debug)]
pub(crate) enum Input<'a> {
    Protos(&'a [PathBuf]),
    /// A descriptor set, and which of its files to generate; none means all.
    DescriptorSet(&'a Path, Vec<&'a str>),
}

impl Sources {
    /// Everything but the input; what is wrong with an option is reported when the builder runs.
    pub(crate) fn builder(&self) -> Builder {
        let builder = rgrpc_build::configure();
        self.options.iter().fold(builder, |builder, option| {
            let (name, value) = option.split_once('=').unwrap_or((option, "true"));
            builder.option(name, value)
        })
    }

    pub(crate) fn input(&self) -> Result<Input<'_>, String> {
        let is_proto =
            |file: &&PathBuf| file.extension().is_some_and(|extension| extension == "proto") || file.is_dir();
        let (protos, sets): (Vec<_>, Vec<_>) = self.files.iter().partition(is_proto);
        match sets[..] {
            [] => Ok(Input::Protos(&self.files)),
            [set] if self.includes.is_empty() => {
                Ok(Input::DescriptorSet(set, protos.iter().filter_map(|name| name.to_str()).collect()))
            }
            [set] => Err(format!("`{}` is a descriptor set, which needs no -I\n  help: leave it out", set.display())),
            [a, b, ..] => Err(format!(
                "`{}` and `{}` are both descriptor sets\n  help: name one, or .proto files only",
                a.display(),
                b.display()
            )),
        }
    }
}

impl Job {
    pub(crate) fn builder(&self) -> Builder {
        self.sources.builder().out_dir(&self.out).prune(self.prune)
    }

    /// The `generate` that makes this job's files, for a shell.
    pub(crate) fn command_line(&self, program: &str, prune: bool) -> String {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let mut words = vec![program.to_owned(), "generate".to_owned()];
        words.extend(self.sources.includes.iter().flat_map(|include| ["-I".to_owned(), text(include)]));
        words.extend(["--out".to_owned(), text(&self.out)]);
        words.extend((self.prune || prune).then(|| "--prune".to_owned()));
        words.extend(self.sources.options.iter().flat_map(|option| ["--opt".to_owned(), option.clone()]));
        words.extend(self.sources.files.iter().map(text));
        let quoted = words.iter().map(|word| shlex::try_quote(word).unwrap_or(word.into()));
        quoted.collect::<Vec<_>>().join(" ")
    }
}
