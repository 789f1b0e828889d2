//! One module per case.

#[doc = "Case `client_only`."]
pub mod client_only;

#[doc = "Case `comments`."]
pub mod comments;

#[doc = "Case `compile_well_known_types`."]
pub mod compile_well_known_types;

#[doc = "Case `cross_package`."]
pub mod cross_package;

#[doc = "Case `default_methods`."]
pub mod default_methods;

#[doc = "Case `deprecated`."]
pub mod deprecated;

#[doc = "Case `deprecated_file`."]
pub mod deprecated_file;

#[doc = "Case `descriptor_set`."]
pub mod descriptor_set;

#[doc = "Case `editions_2023`."]
pub mod editions_2023;

#[doc = "Case `editions_2024`."]
pub mod editions_2024;

#[doc = "Case `empty_service`."]
pub mod empty_service;

#[doc = "Case `enum_only`."]
pub mod enum_only;

#[doc = "Case `extern_path`."]
pub mod extern_path;

#[doc = "Case `field_clashes`."]
pub mod field_clashes;

#[doc = "Case `four_kinds`."]
pub mod four_kinds;

#[doc = "Case `idempotency`."]
pub mod idempotency;

#[doc = "Case `include_file`."]
#[path = "include_file/generated.rs"]
pub mod include_file;

#[doc = "Case `keyword_names`."]
pub mod keyword_names;

#[doc = "Case `message_clashes`."]
pub mod message_clashes;

#[doc = "Case `message_comments`."]
pub mod message_comments;

#[doc = "Case `message_only`."]
pub mod message_only;

#[doc = "Case `module_clash`."]
pub mod module_clash;

#[doc = "Case `nested_types`."]
pub mod nested_types;

#[doc = "Case `no_package`."]
pub mod no_package;

#[doc = "Case `proto2`."]
pub mod proto2;

#[doc = "Case `recursive`."]
pub mod recursive;

#[doc = "Case `rpc_clashes`."]
pub mod rpc_clashes;

#[doc = "Case `rpc_twins`."]
pub mod rpc_twins;

#[doc = "Case `server_only`."]
pub mod server_only;

#[doc = "Case `service_beside_messages`."]
pub mod service_beside_messages;

#[doc = "Case `service_clashes`."]
pub mod service_clashes;

#[doc = "Case `service_twins`."]
pub mod service_twins;

#[doc = "Case `several_services`."]
pub mod several_services;

#[doc = "Case `type_clashes`."]
pub mod type_clashes;

#[doc = "Case `underscore_names`."]
pub mod underscore_names;

#[doc = "Case `unused_import`."]
pub mod unused_import;

#[doc = "Case `well_known_types`."]
pub mod well_known_types;

#[doc = "Case `windows_names`."]
pub mod windows_names;
