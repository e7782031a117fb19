//! The supervisor with real processes: the program `workers`, and behind it the server of `tests/support`.

mod balancer;
mod life;
mod load;
mod orders;
mod signals;
mod sockets;
mod status;
mod supervisor;
