//! Writes the JavaScript module through which a page loads a compiled client.

use std::env;
use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(client), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: browser-bind <client.wasm> <folder>".into());
    };
    Bindgen::new().input_path(client).web(true)?.typescript(false).generate(folder)?;
    Ok(())
}
