//! The command line: what can be said.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Generates Rust gRPC clients, servers and messages from .proto files.
///
/// Without arguments it is a plugin: protoc and buf run it and speak to it on standard input.
#[derive(Debug, Parser)]
#[command(name = "protoc-gen-rgrpc", version, arg_required_else_help = true)]
#[command(after_help = "As a plugin: protoc --rgrpc_out=<DIR> --rgrpc_opt=<NAME>=<VALUE> -I <DIR> <FILE>...\n\n\
        An argument @FILE stands for the lines of FILE, each an argument.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the code of .proto files, or of a descriptor set
    #[command(after_help = "Example: protoc-gen-rgrpc generate --out src/proto proto\n\n\
            A file in DIR that rgrpc did not generate is never overwritten or removed.\n\n\
            Exit status: 0 when the files are written, 2 when the input is broken or a file is in the way; then nothing is written.")]
    Generate {
        #[command(flatten)]
        job: Job,
        /// Write and remove nothing, and say what would be
        #[arg(long)]
        dry_run: bool,
        /// Generate again whenever a file that it read changes, also after errors, until the program is ended
        #[arg(long, conflicts_with = "dry_run")]
        watch: bool,
    },
    /// Compare the files of a folder with what `generate` would write, and write nothing
    #[command(after_help = "Example: protoc-gen-rgrpc check --out src/proto proto\n\n\
            Exit status: 0 when all are equal, 1 when one is stale, missing, orphaned or in the way, 2 when the input is broken.")]
    Check(Job),
    /// Report every change since an older version that breaks the wire, JSON or Rust
    #[command(after_help = "Example: protoc-gen-rgrpc breaking --against git:main proto\n\n\
            Exit status: 0 when nothing breaks, 1 when something does, 2 when the input is broken.")]
    Breaking(Gate),
    /// Write the descriptors of .proto files, with the bytes that protoc would write
    #[command(after_help = "Example: protoc-gen-rgrpc descriptors -o protos.binpb proto\n\n\
            Exit status: 0 when the file is written, 2 when the input is broken; then nothing is written.")]
    Descriptors(Set),
    /// List what --opt takes
    Options,
    /// List what `breaking` looks for
    Rules {
        /// How to print the rules
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Format,
    },
    /// Print what makes a shell complete this command line
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = "To read it: protoc-gen-rgrpc man | man -l -")]
    Man {
        /// Write the pages of all commands to a folder instead
        #[arg(short, long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

const COMPLETIONS: &str = "Where a shell looks for it:
  bash        protoc-gen-rgrpc completions bash >~/.local/share/bash-completion/completions/protoc-gen-rgrpc
  elvish      protoc-gen-rgrpc completions elvish >>~/.config/elvish/rc.elv
  fish        protoc-gen-rgrpc completions fish >~/.config/fish/completions/protoc-gen-rgrpc.fish
  powershell  protoc-gen-rgrpc completions powershell >>$PROFILE
  zsh         protoc-gen-rgrpc completions zsh >~/.zfunc/_protoc-gen-rgrpc, with ~/.zfunc in $fpath before compinit runs";

/// The arguments of a run of the generator.
#[derive(Debug, Args)]
pub(crate) struct Job {
    /// The folder of the generated files; `generate` creates it if it does not exist
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Keep nothing in DIR that the given files do not generate; `generate` removes it, `check` reports it
    #[arg(long)]
    pub(crate) prune: bool,

    #[command(flatten)]
    pub(crate) sources: Sources,

    #[command(flatten)]
    pub(crate) report: Report,
}

/// The older version, and the rules that count.
#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// The older version: git:REVISION, git:REVISION:PATH, a folder of .proto files, or a descriptor set
    #[arg(long, value_name = "OLD")]
    pub(crate) against: Option<PathBuf>,

    /// A category or a rule that counts; repeatable; `protoc-gen-rgrpc rules` lists them [default: `WIRE_JSON,RUST`]
    #[arg(long = "use", value_name = "RULE", value_delimiter = ',')]
    pub(crate) used: Vec<String>,

    /// A category or a rule that does not count; repeatable
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) except: Vec<String>,

    /// An element that is excused, from one rule or from all: a file, a folder, or a name such as .user.v1.User; repeatable
    #[arg(long, value_name = "[RULE=]PATH")]
    pub(crate) ignore: Vec<String>,

    #[command(flatten)]
    pub(crate) sources: Sources,

    #[command(flatten)]
    pub(crate) report: Report,
}

/// Which descriptors to write, and where to.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "so are the flags of protoc")]
pub(crate) struct Set {
    /// The file to write, a serialized google.protobuf.FileDescriptorSet
    #[arg(short, long, value_name = "OUT", visible_alias = "descriptor_set_out")]
    pub(crate) out: PathBuf,

    /// A folder from which the files import each other; repeatable [default: the given folders, or the current one]
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

    /// Write nothing, and say what would be
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// The .proto files, and folders of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) report: Report,
}

/// How to print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person
    Text,
    /// For a program: an object on each line
    Json,
}

impl Format {
    /// The format that a command line asks for, also one that is not understood.
    pub(crate) fn of(arguments: &[OsString]) -> Self {
        let asks = |pair: &[OsString]| pair[0] == "--format" && pair[1] == "json";
        let json = arguments.windows(2).any(asks) || arguments.iter().any(|argument| argument == "--format=json");
        if json { Self::Json } else { Self::Text }
    }
}

/// The report of a run, and its form.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Report {
    /// How to print results, errors and warnings; with `json`, all of them go to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Say nothing of what went well, and warn of nothing
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Name each file
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// The files, and how they become Rust.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    /// A folder from which the files import each other; repeatable [default: the given folders, or the current one]
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub(crate) includes: Vec<PathBuf>,

    /// An option of the generator, such as `build_server=false`, in place of all that the project's file says of it; an empty value is the
    /// default; repeatable; `protoc-gen-rgrpc options` lists them
    #[arg(long = "opt", value_name = "NAME=VALUE")]
    pub(crate) options: Vec<String>,

    /// The project's file, whose entries this command line replaces [default, if no FILE is given: `rgrpc.toml` here or in the
    /// nearest folder above]
    #[arg(long, value_name = "FILE")]
    pub(crate) project: Option<PathBuf>,

    /// The .proto files, and folders of them; or a descriptor set, and which of its files to generate if not all
    ///
    /// No protoc is needed; if PROTOC names one, it reads the files.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}
