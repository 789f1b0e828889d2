//! Imports of the chapter on interceptors.

use rgrpc::intercept::{self, Answer, Head, Intercept, Next};
use rgrpc::{Code, Status};
