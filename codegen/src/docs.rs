//! x
pub fn rustdoc(c: &str) -> Vec<String> { c.trim_end().lines().map(|l| format!(" {}", l.trim())).collect() }
