//! Imports of the chapter on servers.
#![cfg(all(feature = "error-details", feature = "serve", feature = "_tls"))]

use rgrpc::error_details::{MessageDetails, QuotaFailure, RetryInfo, StatusExt}; // feature `error-details`
use rgrpc::tls::{Certificates, ServerTls}; // feature `tls-ring` or `tls-aws-lc`
use rgrpc::{Code, Request, Response, ServerStream, Status, Streaming};
