//! Sorts files, each after those that it imports.

use std::collections::HashMap;

use super::elements::as_u32;
use super::input::Input;
use super::report::position;
use crate::file::{File, ImportKind};
use crate::{Diagnostic, bundled, decode};

/// Files in the order in which protoc builds them.
pub(super) struct Sorted {
    pub files: Vec<File>,
    /// Whether each file is [`Input::Named`].
    pub named: Vec<bool>,
    /// The files that each file imports; `None` for a missing one.
    pub imports: Vec<Vec<Option<u32>>>,
    /// The errors about the imports of each file.
    pub errors: Vec<Vec<Diagnostic>>,
    /// Whether any input is broken.
    pub broken: bool,
}

const DESCRIPTOR: &str = "google/protobuf/descriptor.proto";

/// Returns the bundled descriptor.proto, unless there is one among the files.
pub(super) fn descriptor(sorted: &Sorted) -> Option<File> {
    if sorted.files.iter().any(|file| file.name == DESCRIPTOR) {
        return None;
    }
    bundled::descriptor(DESCRIPTOR).and_then(|bytes| decode(bytes).ok())
}

/// The state of a file in the depth-first walk; at its end, its index in the sorted order.
enum State {
    New,
    Open,
    Done(u32),
}

/// Sorts the files, starting from the named ones.
pub(super) fn sort(inputs: Vec<Input>) -> Sorted {
    let mut files = Vec::new();
    let mut broken = Vec::new();
    for input in inputs {
        match input {
            Input::Named(file) => files.push((file, true)),
            Input::Imported(file) => files.push((file, false)),
            Input::Broken(name) => broken.push(name),
        }
    }
    let mut index: HashMap<&str, usize> = HashMap::new();
    for (at, (file, _)) in files.iter().enumerate() {
        index.entry(&file.name).or_insert(at);
    }
    let mut walk = ImportWalk {
        files: &files,
        index: &index,
        broken: &broken,
        states: files.iter().map(|_| State::New).collect(),
        order: Vec::new(),
        imports: Vec::new(),
        errors: Vec::new(),
    };
    let named = (0..files.len()).filter(|&at| files[at].1);
    for start in named.chain((0..files.len()).filter(|&at| !files[at].1)) {
        if index[&*files[start].0.name] == start {
            walk.walk(start);
        }
    }
    let ImportWalk { order, imports, errors, .. } = walk;
    let mut taken: Vec<_> = files.into_iter().map(Some).collect();
    let (files, named) = order.into_iter().filter_map(|at| taken[at].take()).unzip();
    Sorted { files, named, imports, errors, broken: !broken.is_empty() }
}

struct ImportWalk<'f> {
    files: &'f [(File, bool)],
    index: &'f HashMap<&'f str, usize>,
    broken: &'f [String],
    states: Vec<State>,
    order: Vec<usize>,
    imports: Vec<Vec<Option<u32>>>,
    errors: Vec<Vec<Diagnostic>>,
}

/// A file whose imports are being walked.
struct Frame {
    file: usize,
    /// The imports, in the order of the walk.
    imports: Vec<usize>,
    /// The next of `imports`.
    next: usize,
    targets: Vec<Option<u32>>,
    errors: Vec<Diagnostic>,
}

impl ImportWalk<'_> {
    fn walk(&mut self, start: usize) {
        if !matches!(self.states[start], State::New) {
            return;
        }
        let mut stack = vec![self.open(start)];
        while let Some(frame) = stack.last_mut() {
            let Some(&import) = frame.imports.get(frame.next) else {
                if let Some(frame) = stack.pop() {
                    self.close(frame);
                }
                continue;
            };
            let path = &self.files[frame.file].0.imports[import].path;
            let target = self.index.get(&*path.value).copied();
            match target.map(|target| (target, &self.states[target])) {
                Some((_, State::Done(number))) => {
                    frame.targets[import] = Some(*number);
                    frame.next += 1;
                }
                Some((target, State::New)) => {
                    let frame = self.open(target);
                    stack.push(frame);
                }
                Some((target, State::Open)) => {
                    frame.next += 1;
                    self.cycle(&mut stack, target);
                }
                None => {
                    frame.next += 1;
                    if !self.broken.contains(&path.value) {
                        let place = position(&self.files[frame.file].0, path.span);
                        frame.errors.push(Diagnostic::at(place, format!("import \"{}\" was not found", path.value)));
                    }
                }
            }
        }
    }

    fn open(&mut self, file: usize) -> Frame {
        self.states[file] = State::Open;
        let imports = &self.files[file].0.imports;
        let is_option = |&import: &usize| imports[import].kind == ImportKind::Option;
        let (options, mut others): (Vec<_>, Vec<_>) = (0..imports.len()).partition(is_option);
        others.extend(options);
        Frame { file, imports: others, next: 0, targets: vec![None; imports.len()], errors: Vec::new() }
    }

    fn close(&mut self, frame: Frame) {
        self.states[frame.file] = State::Done(as_u32(self.order.len()));
        self.order.push(frame.file);
        self.imports.push(frame.targets);
        self.errors.push(frame.errors);
    }

    /// Reports an import cycle, at the first import on it.
    fn cycle(&self, stack: &mut [Frame], target: usize) {
        let Some(from) = stack.iter().position(|frame| frame.file == target) else { return };
        let names = stack[from..].iter().map(|frame| frame.file).chain([target]);
        let names: Vec<_> = names.map(|file| format!("\"{}\"", self.files[file].0.name)).collect();
        let file = &self.files[target].0;
        let last = from + 1 == stack.len();
        let frame = &mut stack[from];
        // `next` still points at the import of another file, but has moved past that of the file itself.
        let walked = frame.imports[if last { frame.next - 1 } else { frame.next }];
        let place = position(file, file.imports[walked].path.span);
        let message = format!("\"{}\" imports itself: {}", file.name, names.join(" -> "));
        frame.errors.push(Diagnostic::at(place, message).help("move the declarations that both need to another file"));
    }
}
