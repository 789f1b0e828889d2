//! Prints the path of the pinned protoc, for the scripts of `.ci`.

fn main() {
    println!("{}", testdata::protoc().display());
}
