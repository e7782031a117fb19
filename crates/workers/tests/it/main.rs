//! The supervisor with real processes: the program `workers`, and behind it the server of `tests/support`.

mod life;
mod signals;
mod sockets;
mod supervisor;
