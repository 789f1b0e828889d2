//! Tests how comments become rustdoc, one claim per test. rustdoc, clippy and `cargo test` judge the result.

#[path = "../fuzz/src/comment.rs"]
mod comment;
#[path = "docs/corpus.rs"]
mod corpus;
#[path = "docs/hostile.rs"]
mod hostile;
#[path = "docs/random.rs"]
mod random;

use rgrpc_codegen::docs::rustdoc;

/// Compares the docs of a comment with the texts that follow `///`.
#[track_caller]
fn check(comment: &str, expected: &[&str]) {
    assert_eq!(rustdoc(comment), expected.join("\n"), "{comment:?}");
}

#[test]
fn a_comment_keeps_its_lines_and_one_space() {
    check(" Gets a user.\n By name.\n", &[" Gets a user.", " By name."]);
    check("Gets a user.\n", &[" Gets a user."]);
    check("   Gets a user.\n   By name.\n", &[" Gets a user.", " By name."]);
}

#[test]
fn blank_lines_stay_between_and_go_at_the_ends() {
    check("\n\n a\n\n\n b \n\n", &[" a", "", " b"]);
    check("", &[]);
    check(" \n\t\n", &[]);
    check(" &nbsp;", &[" ```text", " &nbsp;", " ```"]);
}

#[test]
fn line_ends_and_tabs_become_plain() {
    check(" a\r\n b\r c\td", &[" a", " b", " c   d"]);
    check(" a&#9;b [c&#9;d](https://e.f 'g&#9;h')", &[" a b [c d](https://e.f \"g h\")"]);
}

#[test]
fn fenced_code_becomes_text() {
    check(" ```rust\n fn main() {}\n ```", &[" ```text", " fn main() {}", " ```"]);
    check(" ~~~\n a  b\n\n c\n ~~~", &[" ```text", " a  b", "", " c", " ```"]);
    check(" ```no_run,should_panic\n a\n ```", &[" ```text", " a", " ```"]);
}

#[test]
fn a_fence_is_longer_than_those_inside() {
    check(" ````\n ```rust\n ```\n ````", &[" ````text", " ```rust", " ```", " ````"]);
}

#[test]
fn an_open_fence_is_closed() {
    check(" a\n ```\n b", &[" a", "", " ```text", " b", " ```"]);
    check(" ```", &[" ```text", " ```"]);
}

#[test]
fn indented_code_becomes_a_fence() {
    check(" Run:\n\n     $ a\n       b\n\n c", &[" Run:", "", " ```text", " $ a", "   b", " ```", "", " c"]);
    check(" Run:\n\n\ta\n", &[" Run:", "", " ```text", " a", " ```"]);
    check(" - Run:\n\n       a\n", &[" - Run:", "", "   ```text", "   a", "   ```"]);
}

#[test]
fn html_is_shown() {
    check(" A Map<Foo, Bar>.", &[" A Map\\<Foo, Bar>."]);
    check(" <div>\n <b>x</b>", &[" \\<div>", " \\<b>x\\</b>"]);
    check(" <!-- a\n\n b -->", &[" \\<!-- a", "", " b -->"]);
    check(" <a href=\"https://a.b/\">x</a>", &[" \\<a href=\"<https://a.b/>\">x\\</a>"]);
    check(" a < b", &[" a < b"]);
}

#[test]
fn brackets_are_not_links() {
    check(" [foo] [foo][bar] [foo][]", &[" \\[foo\\] \\[foo\\]\\[bar\\] \\[foo\\]\\[\\]"]);
    check(" See [a.b.C][].", &[" See \\[a.b.C\\]\\[\\]."]);
    check(" [a](b.md \"c\") ![a](b)", &[" \\[a\\](b.md \"c\") !\\[a\\](b)"]);
    check(" repeated[0]", &[" repeated\\[0\\]"]);
}

#[test]
fn links_to_the_web_stay() {
    check(" [a](https://b.c/d_e \"f\")", &[" [a](https://b.c/d_e \"f\")"]);
    check(" [a](https://b.c/(d))", &[" [a](<https://b.c/(d)>)"]);
    check(" ![a](https://b.c/d.png)", &[" ![a](https://b.c/d.png)"]);
    check(" <https://a.b> <a@b.c>", &[" <https://a.b> <a@b.c>"]);
    check(" [\"FooBar\"](http://a.b)!", &[" [“FooBar”](http://a.b)!"]);
    check(" a!\\[b](http://c.d)", &[" a!\\[b\\](<http://c.d>)"]);
}

#[test]
fn link_definitions_move_to_their_links() {
    check(" [a] and [b][a].\n\n [a]: https://c.d", &[" [a](https://c.d) and [b](https://c.d)."]);
    check(" [a]: https://c.d", &[" \\[a\\]: <https://c.d>"]);
    check(" [a]\n\n [a]: b", &[" \\[a\\]", "", " \\[a\\]: b"]);
}

#[test]
fn footnotes_are_text() {
    check(" a[^1]\n\n [^1]: b c", &[" a\\[^1\\]", "", " \\[^1\\]: b c"]);
}

#[test]
fn bare_urls_become_links() {
    check(" See https://a.b/c_d.", &[" See <https://a.b/c_d>."]);
    check(" (http://a.b/c_(d)), x", &[" (<http://a.b/c_(d)>), x"]);
    check(" ftp://a.b, HTTP://a.b!", &[" <ftp://a.b>, <HTTP://a.b>!"]);
    check(" https://a.b/v1/{name=users/*}:get", &[" <https://a.b/v1/{name=users/*}:get>"]);
    check(" 见https://a.b。", &[" 见<https://a.b>。"]);
    check(" http:// and `http://a.b`", &[" http:// and `http://a.b`"]);
    check(" dns:///a C:/b file:c", &[" `dns:///a` `C:/b` `file:c`"]);
}

#[test]
fn words_that_look_like_rust_become_code() {
    check(" A user_id, FooBar's a::b, call().", &[" A `user_id`, `FooBar`'s `a::b`, `call()`."]);
    check(" NASA IDs GitHub OAuth _a_ google.a.FooBar", &[" NASA IDs GitHub OAuth _a_ google.a.FooBar"]);
    check(" [FooBar] **FooBar**", &[" \\[`FooBar`\\] **`FooBar`**"]);
    check(" `FooBar`FooBaz `a_b`", &[" `FooBarFooBaz` `a_b`"]);
    check(" *FooBar*s", &[" `FooBars`"]);
}

#[test]
fn stray_markers_are_escaped() {
    check(" a ` b", &[" a \\` b"]);
    check(" 2 * 3, a*b, **c", &[" 2 * 3, a\\*b, \\*\\*c"]);
    check(" C:\\foo\\*", &[" C:\\\\foo\\*"]);
    check(" AT&T &lt; &amp;lt;", &[" AT\\&T < \\&lt;"]);
    check(" /* $HOME 'a' \"b\" {} */ @deprecated", &[" /\\* $HOME 'a' \"b\" {} \\*/ @deprecated"]);
}

#[test]
fn text_does_not_start_a_block() {
    check(" \\# a\n \\- b\n \\> c\n 1\\. d\n #1 -1 e", &[" \\# a", " \\- b", " \\> c", " 1\\. d", " #1 -1 e"]);
    check(" a\n     - b", &[" a", " \\- b"]);
}

#[test]
fn emphasis_and_headings_stay() {
    check(" *a* _b_ **c** __d__ ~~e~~ ***f***", &[" *a* _b_ **c** __d__ ~~e~~ ***f***"]);
    check(" # A\n b\n ## C ##", &[" # A", "", " b", "", " ## C"]);
    check(" A\n B\n ===", &[" # A B"]);
    check(" a\n\n ***\n b", &[" a", "", " ___", "", " b"]);
    check(" a\\\n b", &[" a\\", " b"]);
}

#[test]
fn lists_stay_lists() {
    check(" - a\n - b\n   - c", &[" - a", " - b", "   - c"]);
    check(" 1. a\n 1. b\n\n 3) c", &[" 1. a", " 1. b", "", " 3) c"]);
    check(" * a\n\n * b", &[" * a", "", " * b"]);
    check(" - [ ] a\n - [x] b", &[" - [ ] a", " - [x] b"]);
}

#[test]
fn list_items_are_indented_as_clippy_wants() {
    check(" - a\n b\n       c", &[" - a", "   b", "   c"]);
    check("  -  a\n     b\n     - c\n d", &[" - a", "   b", "   - c", "     d"]);
    check(" > a\n b\n > - c\n d", &[" > a", " > b", " >", " > - c", " >   d"]);
}

#[test]
fn tables_stay_tables() {
    check(" a | b_c\n ---|:-:\n `d|e` | \\|", &[" | a | `b_c` |", " | --- | :-: |", " | \\`d | e\\` |"]);
}

#[test]
fn hidden_characters_are_spelled_out() {
    check(" a\u{202e}b\u{2066}\0\u{1b}[0m", &[" a{U+202E}b{U+2066}{U+0000}{U+001B}\\[0m"]);
    check(" &#x202e;", &[" {U+202E}"]);
    check(" a\u{200d}b é", &[" a\u{200d}b é"]);
}

#[test]
fn a_comment_that_nests_too_deeply_is_shown_verbatim() {
    let comment = "> ".repeat(100_000);
    check(&comment, &[" ```text", &format!(" {}", comment.trim_end()), " ```"]);
}

#[test]
fn no_input_takes_long() {
    for unit in ["[", "`", "*_", "<", "a::b ", "://", "[a](", "- a\n", "> a\n", "> ", "|-|\n", "<div>\n", "a b_c "] {
        assert!(!rustdoc(&unit.repeat(30_000)).is_empty(), "{unit:?}");
    }
}
