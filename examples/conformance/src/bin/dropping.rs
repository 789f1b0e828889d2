//! The testee that drops what messages do not declare.

fn main() -> std::io::Result<()> {
    conformance::serve(conformance::dropping::answer)
}
