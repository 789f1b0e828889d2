//! Pieces of comments, traps, and random comments made of the pieces.

/// Pieces that mean something to rustdoc, clippy or a Markdown parser.
#[rustfmt::skip]
pub const PIECES: &[&str] = &[
    "a", "foo", "FooBar", "foo_bar", "a::b", "call()", "é", "中文。", " ", " ", " ", "\n", "\n", "\n\n", "    ", "  ",
    "\t", "- ", "* ", "+ ", "1. ", "2) ", "10. ", "> ", "# ", "## ", "#", "---", "===", "***", "___", "*", "**", "_",
    "__", "~", "~~", "```", "~~~", "```rust", "`", "``", "[", "]", "[foo]", "[foo][bar]", "[x](y)", "[x](http://a.b)",
    "[foo]: http://b.c", "[foo]: bar", "[^1]", "[^1]: x", "![i](http://a.b/i.png)", "!", "<", "<Foo>",
    "<a href=\"x\">", "</a>", "<br/>", "<!-- ", "-->", "<div>", "<script>", "</script>", "<https://x.y>", "<a@b.c>",
    "<fn@b>", "http://a.b/c_d", "https://x.y/z).", "ftp://f.g", "grpc://h/i", "C:/x", "http:foo", "\\", "\\*", "&lt;",
    "&amp;", "&#x202e;", "&nbsp;", "&", "|", "| a | b |", "|---|---|", "\n| a | b |\n| - | -: |\n| c | d |\n",
    "- [ ] ", "[x] ", "\u{202e}", "\u{0}", "\u{200b}", "\r\n", "\r", "\"", "'", "$", "^", ":", "::", "(", ")", "{", "}",
    ".", ",", "=", "+", "-", ";", "  \n", "\\\n", "/*", "*/", "@deprecated",
];

/// Whole comments that are hard to get right.
pub const TRAPS: &[&str] = &[
    " Example:\n\n ```\n let x = 1;\n ```\n ~~~rust\n broken(\n ~~~\n\n     indented()\n",
    " ```compile_fail,E0308\n x\n",
    " # Examples\n grpcurl -d '{\"a\": 1}' localhost:50051 a.b.C/D | jq .\n",
    " Vec<u8>, Option<Box<dyn Foo>>, <T>, </T>, <br>, <img src=x>, <p>unclosed\n",
    " <!-- never closed\n ```rust\n fn f() {}\n",
    " [Foo][google.api.Foo], [google.api.Foo], [Foo][], [struct@Foo], [`Foo`], [S0], [S0](S0)\n",
    " [a]: https://a.b\n [a]: https://c.d\n [e]: <f>\n",
    " > [a]: https://b.c\n > [a]\n\n - [d]: e\n",
    " https://a.b/c?d=e&f=[g]#h, (https://a.b), <https://a.b>, www.a.b, a@b.c, mailto:a@b.c, localhost:80\n",
    " - a\n b\n    c\n   * d\n e\n\n      f\n  10. g\n h\n",
    " > a\n b\n > > c\n d\n > - e\n f\n",
    " - [x] a\n\n   b\n   c\n - [ ] d\n   e\n",
    " \u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}\n",
    " \u{feff}\u{200b}\u{200c}\u{200d}\u{2060}\u{ad}\u{2028}\u{2029}\u{85}\u{a0}\u{3000}a\n",
    " \"quoted\" 'single' \\n \\\" {} {0} #\"raw\"# r#\"x\"# $crate !bang */ /* // ///\n",
    "!inner\n/outer\n*star\n",
    " YAML:\n ---\n a: b\n ---\n",
    " \tcol\ta\tb\n \t\tdeep\n",
    " Safety Panics Errors\n\n # Safety\n # Errors\n # Panics\n",
    " ['a'](https://b.c) [\"d\"](https://e.f) ['g'] [h \"i\"](https://j.k)\n",
    " a[^1] b[^2]\n\n [^1]: https://c.d\n [^2]: two words\n",
    " IPv4 JavaScript McDonald iOS FooBARs foo-bar_baz __init__ snake_ _case ::a a:: :: ::: a:b A::<B>()\n",
    " @param foo_bar the [bar]\n @return {@link Foo#bar()}\n @deprecated use {@code FooBar}\n",
    " (-- api-linter: core::0131::http-uri-name=disabled\n     aip.dev/not-precedent: foo. --)\n",
    " | a | b |\n |---|\n | `c|d` | [e](https://f.g|h) |\n\n a | b\n --|--\n",
    " ====\n a\n ====\n\n ++++\n ----\n ////\n",
    " \u{1f600} a\u{301} e\u{301} \u{1f468}\u{200d}\u{1f469} שלום مرحبا\n",
    " &lt;b&gt; &#60;script&#62; &#96;x&#96; &#91;Foo&#93; &bogus; &#0; &copy\n",
    " ![a](b.png) ![FooBar](https://a.b/c.png \"T_t\") [![d](https://e.f)](https://g.h)\n",
];

/// Random comments from a seed, each of up to `length` pieces.
pub fn random(seed: u64, length: usize) -> impl Iterator<Item = String> {
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ seed;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).expect("it is below a usize")
    };
    std::iter::repeat_with(move || {
        let length = 1 + next(length);
        (0..length).map(|_| PIECES[next(PIECES.len())]).collect()
    })
}
