//! The instructions that calls may take.

/// The cost of a call in a case, or the difference from another case.
pub(crate) struct Row {
    pub(crate) case: &'static str,
    pub(crate) beyond: Option<&'static str>,
    pub(crate) instructions: i64,
}

impl Row {
    /// The limit, which is above the counted number because compilers and C libraries differ.
    pub(crate) fn most(&self) -> i64 {
        self.instructions + self.instructions / 10
    }
}

const fn row(case: &'static str, beyond: Option<&'static str>, instructions: i64) -> Row {
    Row { case, beyond, instructions }
}

const BARE: Option<&str> = Some("in process");

/// Counted with rustc 1.95 and glibc 2.36 on x86-64. Metrics have no recorder and traces have no subscriber, unless the case names one. A case
/// without a call counts the recorder's own instructions. No row has Prometheus's recorder, because the calibration of its clock takes a
/// different number of instructions in each run.
pub(crate) const ROWS: [Row; 21] = [
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
    row("traces on the server", BARE, 3_400),
    row("traces on the server, a registry", Some("traces on the server"), 930),
    row("a registry, bare", None, 990),
    row("traces on the server, exported", Some("traces on the server"), 12_300),
    row("spans exported, bare", None, 11_100),
    row("both on the client", BARE, 4_700),
    row("both on the server", BARE, 4_750),
    row("OpenTelemetry's metrics on the client", BARE, 17_300),
    row("OpenTelemetry's metrics on the server", BARE, 11_900),
    row("OpenTelemetry's instruments, bare", None, 6_450),
];
