//! Checks thousands of random comments: rustdoc and clippy must find nothing to act on in the result.

use crate::comment::comment as check;
use crate::corpus;

#[test]
fn random_comments_are_inert() {
    for length in [3, 8, 30] {
        for comment in corpus::random(length as u64, length).take(4000) {
            check(&comment);
        }
    }
    for comment in corpus::TRAPS {
        check(comment);
    }
}

#[test]
fn all_short_comments_are_inert() {
    for first in corpus::PIECES {
        for second in corpus::PIECES {
            check(&format!("{first}{second}"));
            check(&format!("{first}a\n{second}b"));
        }
    }
}
