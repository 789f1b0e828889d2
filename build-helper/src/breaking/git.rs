//! Extracts the `.proto` files of a git revision into a folder, without touching the working tree.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::io_error::io_error;
use crate::proto_paths::proto_name;

/// The older version, as extracted from a revision.
#[derive(Debug)]
pub(super) enum Extracted {
    DescriptorSet(Vec<u8>),
    /// The extracted folders, and all include folders of the older version.
    Folders {
        folders: Vec<PathBuf>,
        includes: Vec<PathBuf>,
    },
}

/// Extracts below `out`: for `main`, the include folders as of that revision; for `main:proto`, its folder `proto`.
///
/// Include folders outside of the repository are used as they are. The repository is that of the first include folder.
pub(super) fn extract(revision: &str, includes: &[PathBuf], out: &Path) -> Result<Extracted, Errors> {
    let here = PathBuf::from(".");
    let first = includes.first().unwrap_or(&here);
    let root = repository(first)?;
    let (name, path) = revision.split_once(':').map_or((revision, None), |(name, path)| (name, Some(path)));
    let commit = commit(&root, name)?;
    if let Some(path) = path {
        let object = format!("{commit}:{path}");
        let kind = text(&git(&root, ["cat-file", "-t", &object], b"")?, || {
            Diagnostic::new(format!("`{path}` does not exist in `git:{name}`"))
                .help("write the path relative to the root of the repository")
        })?;
        if kind.trim() == "blob" {
            return Ok(Extracted::DescriptorSet(git(&root, ["cat-file", "blob", &object], b"")?.stdout));
        }
        write(&root, &object, out)?;
        let includes = std::iter::once(out.to_owned()).chain(includes.iter().cloned()).collect();
        return Ok(Extracted::Folders { folders: vec![out.to_owned()], includes });
    }
    if includes.is_empty() {
        let help = format!("add the path of a folder or a descriptor set: git:{name}:<path>");
        return Err(Diagnostic::new(format!("`git:{name}` needs a path, because there are no include folders"))
            .help(help)
            .into());
    }
    let mut folders = Vec::new();
    let mut old_includes = Vec::new();
    for include in includes {
        let Some(prefix) = prefix(include, &root) else {
            old_includes.push(include.clone());
            continue;
        };
        let folder = out.join(&prefix);
        fs::create_dir_all(&folder).map_err(|error| io_error("write", &folder, &error))?;
        write(&root, &format!("{commit}:{prefix}"), &folder)?;
        folders.push(folder.clone());
        old_includes.push(folder);
    }
    Ok(Extracted::Folders { folders, includes: old_includes })
}

/// The root of the working tree that contains a folder.
fn repository(folder: &Path) -> Result<PathBuf, Errors> {
    let output = git(folder, ["rev-parse", "--show-toplevel"], b"")?;
    let root = text(&output, || {
        Diagnostic::new(format!("`{}` is not in a git repository", folder.display()))
            .help("compare with a folder or a descriptor set instead")
    })?;
    Ok(PathBuf::from(root.trim_end_matches(['\r', '\n'])))
}

fn commit(root: &Path, name: &str) -> Result<String, Errors> {
    let revision = format!("{name}^{{commit}}");
    let output = git(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", &revision], b"")?;
    let commit = text(&output, || {
        Diagnostic::new(format!("unknown git revision `{name}`")).help(
            "name a commit, a branch or a tag; in a shallow clone, fetch it first, as with `git fetch origin main`",
        )
    })?;
    Ok(commit.trim().to_owned())
}

/// The path of an include folder relative to the root of the repository; `None` if the folder is outside of it.
fn prefix(include: &Path, root: &Path) -> Option<String> {
    let ask = |flag| text(&git(include, ["rev-parse", flag], b"").ok()?, || Diagnostic::new("")).ok();
    let same_root = ask("--show-toplevel")?.trim_end_matches(['\r', '\n']) == root.to_str()?;
    same_root.then(|| ask("--show-prefix")).flatten().map(|prefix| prefix.trim().trim_end_matches('/').to_owned())
}

/// Writes the `.proto` files of a git tree into a folder; none if the tree does not exist.
fn write(root: &Path, tree: &str, folder: &Path) -> Result<(), Errors> {
    // `--full-tree` lists paths relative to the tree, wherever the command runs.
    let listed = git(root, ["ls-tree", "-r", "-z", "--full-tree", tree], b"")?;
    if !listed.status.success() {
        return Ok(());
    }
    let entries =
        listed.stdout.split(|&byte| byte == 0).filter_map(|entry| proto_entry(std::str::from_utf8(entry).ok()?));
    let entries: Vec<(&str, &str)> = entries.collect();
    let objects = entries.iter().fold(String::new(), |objects, (object, _)| objects + object + "\n");
    let blobs = git(root, ["cat-file", "--batch"], objects.as_bytes())?.stdout;
    let mut rest = &blobs[..];
    for (object, name) in entries {
        let (blob, after) =
            next_blob(rest).ok_or_else(|| Diagnostic::new(format!("git cannot read the object {object}")))?;
        rest = after;
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, blob))
            .map_err(|error| io_error("write", &path, &error))?;
    }
    Ok(())
}

/// The object and the name of a regular `.proto` file: `1234abcd` and `user/v1/user.proto` of
/// `100644 blob 1234abcd<tab>user/v1/user.proto`.
fn proto_entry(entry: &str) -> Option<(&str, &str)> {
    let (object, name) = entry.split_once('\t')?;
    let mut words = object.split(' ');
    let is_plain = words.next()?.starts_with("100") && words.next()? == "blob";
    let is_proto = Path::new(name).extension().is_some_and(|extension| extension == "proto");
    // A crafted tree could contain names that lead out of the folder.
    let is_inside = proto_name(Path::new(name)).is_some();
    (is_plain && is_proto && is_inside).then_some((words.next()?, name))
}

/// The contents of the first object in the output of `cat-file --batch`, after the line `1234abcd blob 17`, and the remaining output.
fn next_blob(batch: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = batch.iter().position(|&byte| byte == b'\n')?;
    let size: usize = std::str::from_utf8(&batch[..end]).ok()?.rsplit(' ').next()?.parse().ok()?;
    let blob = batch.get(end + 1..)?.get(..size)?;
    Some((blob, batch.get(end + 1 + size + 1..)?))
}

fn git<'a>(folder: &Path, arguments: impl IntoIterator<Item = &'a str>, input: &[u8]) -> Result<Output, Diagnostic> {
    let failure = |error: &std::io::Error| {
        io_error("run", Path::new("git"), error).help("install git, or compare with a folder or a descriptor set")
    };
    let mut command = Command::new("git");
    // git sets these variables for its hooks, and then the folder would not decide on the repository.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command.arg("-C").arg(folder).args(arguments.into_iter().map(OsStr::new));
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failure(&error))?;
    let stdin = child.stdin.take();
    // git writes while it reads, so its input is written on another thread.
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output()
    })
    .map_err(|error| failure(&error))
}

/// The output of git; if it failed, `error` followed by git's own message.
fn text(output: &Output, error: impl FnOnce() -> Diagnostic) -> Result<String, Diagnostic> {
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
    let mut error = error();
    if !message.is_empty() {
        error.message = format!("{}: {message}", error.message);
    }
    Err(error)
}
