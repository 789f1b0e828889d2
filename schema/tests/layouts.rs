//! Valid files with random comments and blanks between their tokens have the same descriptors as in protoc.
//!
//! `LAYOUTS=2000 SEED=1 cargo test -p rgrpc-schema --test layouts` tries more of them.

mod ours;
mod protoc;
mod random;

use protoc::Protoc;
use random::{Random, pieces, setting, texts};

const GAPS: &[&str] = &[
    " ",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    " // line\n",
    "// one\n// two\n",
    "\n// own\n",
    "\n// detached\n\n",
    "\n\n// first\n\n// second\n",
    " /* block */ ",
    "\n/* own */\n",
    "/* a\n * b\n\t*\tc\n   */",
    " /* a\n\n  b */\n",
    "/**/",
    "//\n",
    "\n/* a */ /* b */\n",
    "/* a */ // b\n",
    "\t/*\tt\t*/\t",
    "// end of line\r\n",
    "\n\t\n",
    "\n/* a\n*/ // b\n\n",
    "\x0b\x0c ",
    "/***/",
    "/* * / ** */",
    "\n/*\n**/\n",
    "\n \n /* a */\n \n",
    "// \u{e9}\n",
];

/// Returns the tokens of a text with random comments and blanks between them.
fn layout(text: &[u8], random: &mut Random) -> Vec<u8> {
    let is_token =
        |piece: &&[u8]| !piece.trim_ascii().is_empty() && !piece.starts_with(b"//") && !piece.starts_with(b"/*");
    let often = *random.of(&[2, 5, 20]);
    let mut layout = Vec::new();
    for token in pieces(text).into_iter().filter(is_token) {
        layout.push(b' ');
        if random.below(often) == 0 {
            for _ in 0..=random.below(3) {
                layout.extend_from_slice(random.of(GAPS).as_bytes());
            }
        }
        layout.extend_from_slice(token);
    }
    layout.extend_from_slice(random.of(GAPS).as_bytes());
    layout
}

#[test]
fn protoc_agrees_on_layouts() {
    let protoc = Protoc::in_folder("layouts");
    let texts = texts();
    let mut random = Random::new(setting("SEED", 1));
    for _ in 0..setting("LAYOUTS", 100) {
        let layout = layout(&texts[random.below(texts.len())], &mut random);
        let (theirs, ours) = (protoc.compile(&layout).ok(), ours::compile(&layout).ok());
        let text = || String::from_utf8_lossy(&layout).into_owned();
        assert_eq!(theirs.is_some(), ours.is_some(), "{}", text());
        let Some((theirs, ours)) = theirs.zip(ours) else { continue };
        let (expected, locations) = (protoc::locations::locations(&theirs), protoc::locations::locations(&ours));
        for (expected, location) in expected.iter().zip(locations.iter()) {
            assert_eq!(location, expected, "{}", text());
        }
        assert!(theirs == ours, "{}", text());
    }
}
