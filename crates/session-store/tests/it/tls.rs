//! Sessions over an encrypted connection, to a server whose certificate the test has made.

use std::{
    env,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Command,
    time::Duration,
};

use harness::process::Process;
use session_store::{Entry, SessionName, Store, StoreKind};
use tempfile::TempDir;

/// A server that speaks TLS and nothing else.
struct Encrypted {
    address: String,
    folder: TempDir,
    _process: Process,
}

impl Encrypted {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new("openssl")
            .args([
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
            ])
            .args(["-subj", "/CN=127.0.0.1", "-keyout", "key.pem", "-out"])
            .args(["cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .current_dir(folder.path())
            .output()
            .expect("openssl is in PATH");
        assert!(made.status.success(), "{made:?}");

        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        drop(free);
        let mut command = Command::new("redis-server");
        command
            .args([
                "--port",
                "0",
                "--tls-port",
                &port,
                "--save",
                "",
                "--dir",
                ".",
            ])
            .args(["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem"])
            .args(["--tls-ca-cert-file", "cert.pem", "--tls-auth-clients", "no"])
            .args(["--bind", "127.0.0.1"])
            .current_dir(folder.path());
        let process = Process::spawn("redis-server", &mut command, Duration::ZERO);
        let is_ready = |line: &str| line.contains("Ready to accept connections").then_some(());
        if let Err(unready) = process.ready(Duration::from_secs(30), is_ready).await {
            panic!("redis-server did not start{unready}\n{}", process.output());
        }
        Self {
            address: format!("rediss://127.0.0.1:{port}"),
            folder,
            _process: process,
        }
    }

    /// What another process says of this server, which trusts the certificates of this file alone.
    fn seen_by_one_that_trusts(&self, certificates: &Path) -> String {
        let output = Command::new(env::current_exe().unwrap())
            .args(["tls::client", "--exact", "--ignored", "--nocapture"])
            .env("CLIENT_ADDRESS", &self.address)
            .env("SSL_CERT_FILE", certificates)
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

/// What the process runs that the test below starts: which certificates it trusts stands in its environment.
#[tokio::test]
#[ignore = "it is not a test but the other process of the test below"]
async fn client() {
    let address = StoreKind::Redis(env::var("CLIENT_ADDRESS").unwrap());
    match Store::open(&address, Path::new(""), "test").await {
        Ok(store) => {
            let name = SessionName::new("a").unwrap();
            let session = name.clone();
            let update = store.update(&name, move |_| Entry::new(&session, 1, 1));
            println!("it holds {}", update.await.unwrap().after.value);
            println!("held in {}", store.place(&name));
        }
        Err(error) => println!("refused: {error}"),
    }
}

#[tokio::test]
async fn an_encrypted_server_is_used_if_its_certificate_is_trusted_and_refused_in_words_if_not() {
    let server = Encrypted::start().await;
    let trusting = server.seen_by_one_that_trusts(&server.folder.path().join("cert.pem"));
    assert!(trusting.contains("it holds 1"), "{trusting}");
    assert!(trusting.contains(&server.address), "{trusting}");
    let other = server.seen_by_one_that_trusts(Path::new("/dev/null"));
    assert!(
        other.contains("refused: no Redis server answers at rediss://"),
        "{other}"
    );
}
