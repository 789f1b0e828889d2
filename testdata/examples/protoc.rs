//! Prints the path of the pinned protoc, for the scripts in `.ci`.

fn main() {
    println!("{}", testdata::protoc().display());
}
