//! Imports of the chapter on schemas.
#![cfg(all(feature = "json", feature = "text"))]

use rgrpc::json; // feature `json`
use rgrpc::text; // feature `text`
use rgrpc::{Extension, UnknownFields};
