//! The places where an app can keep what its workers share.

use crate::RedisServer;

/// One of the places that the options `--store` of `option1` and `--cache` of `option4` choose between.
pub struct Backend {
    option: String,
    // Held, so that the server lives as long.
    _redis: Option<RedisServer>,
}

impl Backend {
    /// Files in the data folder.
    pub fn file() -> Self {
        Self {
            option: "file".to_owned(),
            _redis: None,
        }
    }

    /// A SQLite database in the data folder.
    pub fn sqlite() -> Self {
        Self {
            option: "sqlite".to_owned(),
            _redis: None,
        }
    }

    /// A Redis server of its own, which ends with this value.
    pub async fn redis() -> Self {
        let server = RedisServer::start().await;
        Self {
            option: server.url(),
            _redis: Some(server),
        }
    }

    /// The option's value.
    pub fn option(&self) -> &str {
        &self.option
    }
}
