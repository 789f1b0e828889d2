//! The testee that keeps unknown fields.

fn main() -> std::io::Result<()> {
    conformance::serve(conformance::keeping::answer)
}
