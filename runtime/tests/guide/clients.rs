//! Imports of the chapter on clients.
#![cfg(all(feature = "balance", feature = "_tls"))]

use rgrpc::intercept::Cancellation;
use rgrpc::service_config::{LoadBalancing, ServiceConfig}; // feature `retry` or `balance`
use rgrpc::tls::ClientTls; // feature `tls-ring` or `tls-aws-lc`
use rgrpc::{Channel, Client, CompressionEncoding, Deadline, streaming};
