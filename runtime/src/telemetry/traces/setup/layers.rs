//! The layers of a subscriber.

use tracing_subscriber::{Layer, Registry};

pub(super) type Layers = Vec<Box<dyn Layer<Registry> + Send + Sync>>;
