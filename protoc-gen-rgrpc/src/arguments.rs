//! The command line, as clap parses it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Generates Rust gRPC clients, servers and messages from .proto files.
///
/// Without arguments, it is a plugin that protoc and buf run, and reads their request from standard input.
#[derive(Debug, Parser)]
#[command(name = "protoc-gen-rgrpc", version, arg_required_else_help = true)]
#[command(after_help = "As a plugin: protoc --rgrpc_out=<DIR> --rgrpc_opt=<NAME>=<VALUE> -I <DIR> <FILE>...\n\n\
        An argument @FILE is replaced by the lines of FILE, each of which is one argument.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate code from .proto files or a descriptor set
    #[command(after_help = "Example: protoc-gen-rgrpc generate --out src/proto proto\n\n\
            A file in DIR that rgrpc did not generate is never overwritten or removed.\n\n\
            Exit status: 0 if the files were written; 2 if there was an error, and nothing was written.")]
    Generate {
        #[command(flatten)]
        args: GenerateArgs,
        /// Report the files that would be written and removed, without changing any
        #[arg(long)]
        dry_run: bool,
        /// Keep running, and generate again whenever an input changes, even after errors
        #[arg(long, conflicts_with = "dry_run")]
        watch: bool,
    },
    /// Check that generated files are up to date, without writing any
    #[command(after_help = "Example: protoc-gen-rgrpc check --out src/proto proto\n\n\
            Exit status: 0 if all files are up to date; 1 if `generate` would write or remove a file, or refuse to; 2 if there was an error.")]
    Check(GenerateArgs),
    /// Find changes since an older version that break the wire format, JSON or Rust code
    #[command(after_help = "Example: protoc-gen-rgrpc breaking --against git:main proto\n\n\
            Exit status: 0 if there are no breaking changes; 1 if there are some; 2 if there was an error.")]
    Breaking(BreakingArgs),
    /// Write a descriptor set of .proto files, with the same bytes as protoc
    #[command(after_help = "Example: protoc-gen-rgrpc descriptors -o protos.binpb proto\n\n\
            Exit status: 0 if the file was written; 2 if there was an error, and nothing was written.")]
    Descriptors(DescriptorsArgs),
    /// List the options of the generator, which --opt sets
    Options,
    /// List the rules of `breaking`
    Rules {
        /// The format of the list
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: Format,
    },
    /// Print a completion script for a shell
    #[command(after_help = COMPLETIONS)]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    #[command(after_help = "To read it: protoc-gen-rgrpc man | man -l -")]
    Man {
        /// Write one page per command to this folder instead
        #[arg(short, long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

const COMPLETIONS: &str = "To install the script:
  bash        protoc-gen-rgrpc completions bash >~/.local/share/bash-completion/completions/protoc-gen-rgrpc
  elvish      protoc-gen-rgrpc completions elvish >>~/.config/elvish/rc.elv
  fish        protoc-gen-rgrpc completions fish >~/.config/fish/completions/protoc-gen-rgrpc.fish
  powershell  protoc-gen-rgrpc completions powershell >>$PROFILE
  zsh         protoc-gen-rgrpc completions zsh >~/.zfunc/_protoc-gen-rgrpc, with ~/.zfunc in $fpath before compinit runs";

/// The arguments of `generate` and `check`.
#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// The folder of the generated files; `generate` creates it if it does not exist
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Remove generated files in DIR that the given files do not generate; `check` reports them
    #[arg(long)]
    pub(crate) prune: bool,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// The arguments of `breaking`.
#[derive(Debug, Args)]
pub(crate) struct BreakingArgs {
    /// The older version: git:REVISION, git:REVISION:PATH, a folder of .proto files, or a descriptor set
    #[arg(long, value_name = "OLD")]
    pub(crate) against: Option<PathBuf>,

    /// A rule or category to check; repeatable; `protoc-gen-rgrpc rules` lists them [default: `WIRE_JSON,RUST`]
    #[arg(long = "use", value_name = "RULE", value_delimiter = ',')]
    pub(crate) use_rules: Vec<String>,

    /// A rule or category not to check; repeatable
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) except: Vec<String>,

    /// A file, a folder, or an element such as .user.v1.User whose changes are ignored, by all rules or by one; repeatable
    #[arg(long, value_name = "[RULE=]PATH")]
    pub(crate) ignore: Vec<String>,

    #[command(flatten)]
    pub(crate) sources: SourceArgs,

    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// The arguments of `descriptors`.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "protoc has the same flags")]
pub(crate) struct DescriptorsArgs {
    /// The file to write, a serialized google.protobuf.FileDescriptorSet
    #[arg(short, long, value_name = "OUT", visible_alias = "descriptor_set_out")]
    pub(crate) out: PathBuf,

    /// A folder that imports are relative to; repeatable [default: the given folders, or the current one]
    #[arg(short = 'I', long = "include", value_name = "DIR", visible_alias = "proto_path")]
    pub(crate) includes: Vec<PathBuf>,

    /// Include imported files, each before the files that import it
    #[arg(long, visible_alias = "include_imports")]
    pub(crate) include_imports: bool,

    /// Include options with source retention, which only compilers read
    #[arg(long, visible_alias = "retain_options")]
    pub(crate) retain_options: bool,

    /// Exclude positions and comments
    #[arg(long)]
    pub(crate) exclude_source_info: bool,

    /// Has no effect; accepted because protoc needs it to include positions and comments
    #[arg(long, hide = true, alias = "include_source_info", conflicts_with = "exclude_source_info")]
    include_source_info: bool,

    /// Report the file that would be written, without writing it
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// The .proto files, or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

/// The format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: one object per line
    Json,
}

impl Format {
    /// The format that a command line asks for, even if the command line cannot be parsed.
    pub(crate) fn of(arguments: &[OsString]) -> Self {
        let asks = |pair: &[OsString]| pair[0] == "--format" && pair[1] == "json";
        let json = arguments.windows(2).any(asks) || arguments.iter().any(|argument| argument == "--format=json");
        if json { Self::Json } else { Self::Text }
    }
}

/// The arguments about the output of a command.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ReportArgs {
    /// The format of results, errors and warnings; with `json`, all of them go to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Print only errors and differences
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Name each file
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

/// The arguments about the input of the generator, and its options.
#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    /// A folder that imports are relative to; repeatable [default: the given folders, or the current one]
    #[arg(short = 'I', long = "include", value_name = "DIR")]
    pub(crate) includes: Vec<PathBuf>,

    /// An option of the generator, such as `build_server=false`, which replaces all values of the project file; an empty value stands for
    /// the default; repeatable; `protoc-gen-rgrpc options` lists them
    #[arg(long = "opt", value_name = "NAME=VALUE")]
    pub(crate) options: Vec<String>,

    /// The project file, whose settings this command line overrides [default, if no FILE is given: `rgrpc.toml` in the current folder
    /// or the nearest parent folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) project: Option<PathBuf>,

    /// The .proto files, or folders of them; or a descriptor set, optionally followed by the names of its files to generate
    ///
    /// No protoc is needed; if PROTOC names one, it compiles the files.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}
