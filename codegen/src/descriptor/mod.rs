pub mod google {
    pub mod protobuf {
        include!("google.protobuf.rs");
        pub mod compiler {
            include!("google.protobuf.compiler.rs");
        }
    }
}
