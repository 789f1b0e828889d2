//! The testee that keeps what messages do not declare.

fn main() -> std::io::Result<()> {
    conformance::serve(conformance::keeping::answer)
}
