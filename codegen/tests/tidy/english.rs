//! Sentences name the thing, or begin with the verb: none opens with "What".

use crate::rule::{Source, hold, written};

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

fn opens_with_what(source: &Source) -> Option<String> {
    let opens = |line: &&str| {
        let comment = line.trim_start().starts_with("//");
        let text = line.trim_start().trim_start_matches(['/', '!', ' ']);
        comment && text.starts_with("What ") || line.contains(". What ") || !comment && line.contains("\"What ")
    };
    source.text.lines().find(opens).map(|line| format!("name the thing, or begin with the verb: {}", line.trim()))
}
