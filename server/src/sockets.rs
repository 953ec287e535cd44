//! The two sockets: upgrade, select loop, close codes. What a frame means is decided in `services`; when a connection
//! has to end, in `realtime`.

mod agent;
mod line;
mod visitor;

pub use agent::upgrade as agent;
pub use visitor::upgrade as visitor;
