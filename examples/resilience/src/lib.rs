//! Recipes for resilient calls, each with a test.
//!
//! | to | use |
//! |---|---|
//! | stop calling a method that keeps failing | [`breaker`] |
//! | stop calling a server that fails more often than others | `outlier_detection_experimental` in the service config, gRFC A50 |
//! | avoid overloading a server | [`Target::max_calls_per_server`](rgrpc::balance::Target::max_calls_per_server) |
//! | find servers in a file that another program updates | [`mod@slice`] |
//! | find servers in the DNS, and respect the TTL of records | `examples/discovery` |
//! | use tonic's load balancer | a `tonic::transport::Channel`, as in `tests/tonic.rs` |

pub mod breaker;
pub mod slice;

/// The generated code.
#[allow(missing_docs)]
pub mod proto {
    rgrpc::include_protos!();
}
