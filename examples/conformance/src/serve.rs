//! The protocol of the conformance runner: requests on standard input and responses on standard output, each prefixed with its length.

use std::io::{self, Read, Write};

use rgrpc::prost::DecodeError;

/// Answers requests until the runner closes standard input.
///
/// # Errors
/// Returns an error if a request is truncated or malformed.
pub fn serve(answer: impl Fn(&[u8]) -> Result<Vec<u8>, DecodeError>) -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut served = 0;
    while let Some(request) = read(&mut input)? {
        let response = answer(&request)?;
        let length = u32::try_from(response.len()).map_err(io::Error::other)?;
        output.write_all(&length.to_le_bytes())?;
        output.write_all(&response)?;
        output.flush()?;
        served += 1;
    }
    eprintln!("conformance: answered {served} requests");
    Ok(())
}

/// The next request; `None` at the end of standard input.
fn read(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let mut request = vec![0; u32::from_le_bytes(length) as usize];
    input.read_exact(&mut request)?;
    Ok(Some(request))
}
