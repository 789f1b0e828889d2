//! Recipes for calls that survive; each has a test.
//!
//! | to | use |
//! |---|---|
//! | stop calling a method that keeps failing | [`breaker`] |
//! | stop calling a server that fails more often than others | `outlier_detection_experimental` in the service config, gRFC A50 |
//! | not overload a server | [`Target::max_calls_per_server`](rgrpc::balance::Target::max_calls_per_server) |
//! | find servers in a file that something else keeps up to date | [`mod@slice`] |
//! | find servers in the DNS, as long as their records say | `examples/discovery` |
//! | use tonic's own balancer | a `tonic::transport::Channel` in place of ours, as in `tests/tonic.rs` |

pub mod breaker;
pub mod slice;

/// The generated code.
#[allow(missing_docs)]
pub mod proto {
    rgrpc::include_protos!();
}
