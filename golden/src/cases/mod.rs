//! One module per case.

/// Case `attributes`.
pub mod attributes;

/// Case `boxed`.
pub mod boxed;

/// Case `client_only`.
pub mod client_only;

/// Case `comments`.
pub mod comments;

/// Case `compile_well_known_types`.
pub mod compile_well_known_types;

/// Case `conventional_names`.
pub mod conventional_names;

/// Case `cross_package`.
pub mod cross_package;

/// Case `custom_options`.
pub mod custom_options;

/// Case `debug_redact`.
pub mod debug_redact;

/// Case `default_stubs`.
pub mod default_stubs;

/// Case `deprecated`.
pub mod deprecated;

/// Case `deprecated_file`.
pub mod deprecated_file;

/// Case `descriptor_set`.
pub mod descriptor_set;

/// Case `disable_comments`.
pub mod disable_comments;

/// Case `dyn_trait`.
pub mod dyn_trait;

/// Case `editions_2023`.
pub mod editions_2023;

/// Case `editions_2024`.
pub mod editions_2024;

/// Case `editions_2026`.
pub mod editions_2026;

/// Case `editions_delimited`.
pub mod editions_delimited;

/// Case `emit_package`.
pub mod emit_package;

/// Case `empty_service`.
pub mod empty_service;

/// Case `enum_only`.
pub mod enum_only;

/// Case `extern_all`.
pub mod extern_all;

/// Case `extern_path`.
pub mod extern_path;

/// Case `extern_traits`.
pub mod extern_traits;

/// Case `features`.
pub mod features;

/// Case `field_clashes`.
pub mod field_clashes;

/// Case `field_types`.
pub mod field_types;

/// Case `four_kinds`.
pub mod four_kinds;

/// Case `idempotency`.
pub mod idempotency;

/// Case `imports_are_generated`.
pub mod imports_are_generated;

/// Case `include_file`.
#[path = "include_file/generated.rs"]
pub mod include_file;

/// Case `json`.
pub mod json;

/// Case `keyword_names`.
pub mod keyword_names;

/// Case `lints`.
pub mod lints;

/// Case `message_clashes`.
pub mod message_clashes;

/// Case `message_comments`.
pub mod message_comments;

/// Case `message_only`.
pub mod message_only;

/// Case `message_set`.
pub mod message_set;

/// Case `module_clash`.
pub mod module_clash;

/// Case `nested_types`.
pub mod nested_types;

/// Case `no_package`.
pub mod no_package;

/// Case `package_features`.
pub mod package_features;

/// Case `packing`.
pub mod packing;

/// Case `prost_path`.
pub mod prost_path;

/// Case `proto2`.
pub mod proto2;

/// Case `recursive`.
pub mod recursive;

/// Case `rename`.
pub mod rename;

/// Case `rpc_clashes`.
pub mod rpc_clashes;

/// Case `rpc_twins`.
pub mod rpc_twins;

/// Case `server_only`.
pub mod server_only;

/// Case `service_beside_messages`.
pub mod service_beside_messages;

/// Case `service_clashes`.
pub mod service_clashes;

/// Case `service_config`.
pub mod service_config;

/// Case `service_only`.
pub mod service_only;

/// Case `service_twins`.
pub mod service_twins;

/// Case `several_services`.
pub mod several_services;

/// Case `skip_debug`.
pub mod skip_debug;

/// Case `text`.
pub mod text;

/// Case `type_clashes`.
pub mod type_clashes;

/// Case `type_names`.
pub mod type_names;

/// Case `underscore_names`.
pub mod underscore_names;

/// Case `unknown_fields`.
pub mod unknown_fields;

/// Case `unsupported`.
pub mod unsupported;

/// Case `unused_import`.
pub mod unused_import;

/// Case `well_known_types`.
pub mod well_known_types;

/// Case `windows_names`.
pub mod windows_names;
