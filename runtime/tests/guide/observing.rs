//! Imports of the chapter on metrics, traces and logs.
#![cfg(all(feature = "metrics", feature = "otel", feature = "tracing"))]

use rgrpc::metrics; // feature `metrics`
use rgrpc::otel; // feature `otel`
use rgrpc::traces; // feature `tracing`
