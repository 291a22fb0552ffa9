//! A gateway of a test's own before the running system, with the limits that people have: those of the tests' gateway are
//! so high that tests never meet them.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use testkit::required;
use uuid::Uuid;

use crate::{Client, eventually};

/// Ends with the test.
pub struct Gateway {
    url: String,
    process: Child,
    folder: PathBuf,
}

impl Gateway {
    /// Start one. `settings` go before the defaults of traefik/dynamic.
    ///
    /// # Panics
    /// When it does not start.
    pub fn start(settings: &[(&str, &str)]) -> Self {
        let repo = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let folder = std::env::temp_dir().join(format!("timetracker-gateway-{}", Uuid::new_v4()));
        fs::create_dir(&folder).expect("a folder");
        let [https, http, admin] = [(); 3].map(|()| free_port());
        let shipped = fs::read_to_string(repo.join("traefik/traefik.yml")).expect("traefik.yml");
        let dynamic = repo.join("traefik/dynamic");
        let config = shipped
            .replace("\":8443\"", &format!("\"127.0.0.1:{https}\""))
            .replace("\":8080\"", &format!("\"127.0.0.1:{http}\""))
            .replace("\":18410\"", &format!("\"127.0.0.1:{admin}\""))
            .replace("/etc/traefik/dynamic", &dynamic.display().to_string());
        fs::write(folder.join("traefik.yml"), config).expect("its configuration");
        let url = format!("https://localhost:{https}");
        let log = fs::File::create(folder.join("log")).expect("its log");
        let process = Command::new(required("TIMETRACKER_TEST_TRAEFIK"))
            .arg(format!("--configFile={}", folder.join("traefik.yml").display()))
            .env("TIMETRACKER_PUBLIC_URL", &url)
            .env("TIMETRACKER_KEYCLOAK_URL", required("TIMETRACKER_TEST_KEYCLOAK_URL"))
            .env("TIMETRACKER_APP_URL", required("TIMETRACKER_TEST_SPIN_URL"))
            .env("TIMETRACKER_TLS_DIR", required("TIMETRACKER_TEST_TLS"))
            .envs(settings.iter().copied())
            .stdout(log)
            .stderr(Stdio::null())
            .spawn()
            .expect("Traefik");
        let gateway = Self { url, process, folder };
        let probe = Client::plain(&format!("http://127.0.0.1:{admin}"));
        eventually(30, "the gateway", || match probe.try_send("GET", "/configured", &[], "") {
            Ok(answer) if answer.status == 200 => Ok(()),
            other => Err(format!("{other:?}")),
        });
        gateway
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its log so far.
    ///
    /// # Panics
    /// When there is none.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).expect("its log")
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}
