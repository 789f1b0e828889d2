//! Imports of the chapter on browsers.
#![cfg(feature = "web")]

use rgrpc::web::{self, Cors}; // feature `web`
