//! A row of the option table in, the option as a user could write it out.

use super::{OptionSpec, Options};

impl OptionSpec {
    /// Returns the option with a value that it takes and that is not its default: `client=false`.
    ///
    /// ```
    /// assert_eq!(rgrpc_codegen::OPTIONS[0].example(), "client=false");
    /// ```
    #[must_use]
    pub fn example(&self) -> String {
        let value = match self.value {
            "<bool>" if self.is_default("true") => "false",
            "<bool>" => "true",
            "<feature>" => "grpc",
            "<file>" => "features.toml",
            "<level>" => "deny",
            "<name>" => "generated.rs",
            "<path>" => ".user.v1.User",
            "<path>=<attribute>" => ".user.v1=#[allow(dead_code)]",
            "<path>=<domain>" => ".user.v1=type.example.com",
            "<proto>=<name>" => ".user.v1.UserService.Get=fetch",
            "<proto>=<traits>" => ".common.v1=Copy+Eq+Hash",
            "<proto>=<rust>" => ".common.v1=::common::v1",
            "<rust>" => "::prost",
            placeholder => placeholder,
        };
        format!("{}={value}", self.name)
    }

    fn is_default(&self, value: &str) -> bool {
        Options::parse(&format!("{}={value}", self.name)).is_ok_and(|options| options.of_code().next().is_none())
    }
}
