//! No sentence opens with "What": it names the thing, or begins with the verb.

use std::path::Path;

use crate::rule::{Source, hold, texts, written};

#[test]
fn no_sentence_of_a_comment_or_a_message_opens_with_what() {
    for broken in [
        "/// What a user gets.\nfn a() {}\n",
        "// Bytes. What is left of them is text.\n",
        "fn a() -> &'static str {\n    \"What is too long\"\n}\n",
        "fn a() -> &'static str {\n    \"no file. What is there is a folder\"\n}\n",
    ] {
        // The examples above are in this file.
        let others: Vec<Source> = written().into_iter().filter(|source| !source.path.ends_with("english.rs")).collect();
        hold(opens_with_what, &others, ("codegen/src/a.rs", broken));
    }
}

#[test]
fn no_sentence_of_a_schema_a_script_or_a_manifest_opens_with_what() {
    for broken in [
        ("examples/a.proto", "message User {\n  // What the user may do.\n}\n"),
        ("docs/a.py", "def a():\n    \"\"\"What a page shows.\"\"\"\n"),
        ("deny.toml", "# What dependencies may be.\n"),
        (".ci/a", "#!/bin/bash\n# Bytes. What is left of them is text.\n"),
    ] {
        hold(opens_with_what, &texts(), broken);
    }
}

fn opens_with_what(source: &Source) -> Option<String> {
    // A heading in documentation may be a question.
    let before: &[char] = if Path::new(&source.path).extension().is_some_and(|extension| extension == "rs") {
        &['/', '!', ' ']
    } else {
        &['/', '#', '"', ' ']
    };
    let opens = |line: &&str| {
        let line = line.trim_start();
        let text = line.trim_start_matches(before);
        let is_comment = text.len() < line.len();
        is_comment && text.starts_with("What ") || line.contains(". What ") || !is_comment && line.contains("\"What ")
    };
    source.text.lines().find(opens).map(|line| format!("name the thing, or begin with the verb: {}", line.trim()))
}
