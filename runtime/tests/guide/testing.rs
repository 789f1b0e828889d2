//! Imports of the chapter on testing.
#![cfg(all(feature = "testing", feature = "error-details"))]

use rgrpc::error_details::{RetryInfo, StatusExt}; // feature `error-details`
use rgrpc::testing::{Fault, Mock}; // feature `testing`
