//! The testee that drops unknown fields.

fn main() -> std::io::Result<()> {
    conformance::serve(conformance::dropping::answer)
}
