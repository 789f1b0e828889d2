//! The instructions that calls may take.

/// The cost of a call in a case, or how much more it is than in another.
pub(crate) struct Row {
    pub(crate) case: &'static str,
    pub(crate) beyond: Option<&'static str>,
    pub(crate) instructions: i64,
}

impl Row {
    /// The most that is no failure: compilers and the C library differ.
    pub(crate) fn most(&self) -> i64 {
        self.instructions + self.instructions / 10
    }
}

const fn row(case: &'static str, beyond: Option<&'static str>, instructions: i64) -> Row {
    Row { case, beyond, instructions }
}

const BARE: Option<&str> = Some("in process");

/// Counted with rustc 1.95 and glibc 2.36 on x86-64. Nobody records the metrics, and nobody listens to the traces but for the registry.
pub(crate) const ROWS: [Row; 14] = [
    row("in process", None, 8_260),
    row("over HTTP/2", None, 95_650),
    row("a stream in process", None, 11_500),
    row("a stream over HTTP/2", None, 100_200),
    row("1 on the client", BARE, 2_350),
    row("2 on the client", Some("1 on the client"), 480),
    row("1 on the server", BARE, 2_600),
    row("2 on the server", Some("1 on the server"), 480),
    row("metrics on the client", BARE, 3_550),
    row("metrics on the server", BARE, 3_470),
    row("traces on the client", BARE, 3_140),
    row("traces on the server", BARE, 3_610),
    row("both on the server", BARE, 4_960),
    row("traces on the server, a registry", Some("traces on the server"), 1_090),
];
