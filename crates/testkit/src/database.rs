//! A database of its own for each test, cloned from a migrated template.

use migrations::{Passwords, apply, create_roles};
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, Config, NoTls};
use uuid::Uuid;

use crate::{NativeSql, required};

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A fresh, migrated database.
pub struct Database {
    name: String,
    admin: Config,
}

impl Database {
    /// Make one.
    ///
    /// # Panics
    /// When the test server refuses: a test cannot go on then.
    pub async fn new() -> Self {
        let admin: Config =
            required("TIMETRACKER_TEST_ADMIN_URL").parse().expect("TIMETRACKER_TEST_ADMIN_URL");
        let template = TEMPLATE.get_or_init(|| make_template(&admin)).await;
        let name = format!("test_{}", Uuid::new_v4().simple());
        let client = login(&admin).await;
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template} OWNER migrator");
        client.batch_execute(&sql).await.expect("a database from the template");
        Self { name, admin }
    }

    /// A connection as a superuser, for looking behind the scenes.
    pub async fn admin(&self) -> Client {
        let mut config = self.admin.clone();
        login(config.dbname(&self.name)).await
    }

    /// A connection as one of the services' roles.
    pub async fn as_role(&self, role: &str) -> Client {
        let client = self.admin().await;
        client.batch_execute(&format!("SET SESSION AUTHORIZATION {role}")).await.expect("the role exists");
        client
    }

    /// A connection of the service's role whose statements the server explains: `settings` loads and sets
    /// auto_explain, each plan of a SELECT comes as JSON.
    pub async fn explaining(
        &self,
        settings: &str,
    ) -> (NativeSql, tokio::sync::mpsc::UnboundedReceiver<Value>) {
        let mut config = self.admin.clone();
        let (client, mut connection) =
            config.dbname(&self.name).connect(NoTls).await.expect("the test server answers");
        let (send, plans) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut messages = futures::stream::poll_fn(move |context| connection.poll_message(context));
            while let Some(Ok(message)) = futures::StreamExt::next(&mut messages).await {
                if let tokio_postgres::AsyncMessage::Notice(notice) = message
                    && let Some((_, plan)) = notice.message().split_once("plan:")
                    && let Ok(plan) = serde_json::from_str::<Value>(plan)
                    && plan["Query Text"].as_str().is_some_and(|text| text.starts_with("SELECT"))
                {
                    let _ = send.send(plan);
                }
            }
        });
        client.batch_execute(settings).await.expect("auto_explain can be loaded");
        client.batch_execute("SET SESSION AUTHORIZATION tracking_api").await.expect("the role exists");
        (NativeSql(client), plans)
    }

    /// The superuser's URL of this database.
    pub fn url(&self) -> String {
        let url = required("TIMETRACKER_TEST_ADMIN_URL");
        let (server, _) = url.rsplit_once('/').expect("a URL with a database");
        format!("{server}/{}", self.name)
    }
}

/// One template per test program; programs may run at the same time, so each has its own name.
async fn make_template(admin: &Config) -> String {
    let name = format!("template_{}", Uuid::new_v4().simple());
    let client = login(admin).await;
    // The server is shared with the running stack, whose roles exist and keep their passwords.
    let roles: i64 = client
        .query_one("SELECT count(*) FROM pg_roles WHERE rolname = 'reporting_writer'", &[])
        .await
        .expect("roles")
        .get(0);
    if roles == 0 {
        create_roles(&client, &Passwords::all("test")).await.expect("roles");
    }
    client.batch_execute(&format!("CREATE DATABASE {name} OWNER migrator")).await.expect("template database");
    let mut config = admin.clone();
    let mut template = login(config.dbname(&name)).await;
    apply(&mut template).await.expect("migrations");
    drop(template);
    wait_until_unused(&client, &name).await;
    name
}

/// PostgreSQL refuses a template that somebody is still connected to.
async fn wait_until_unused(client: &Client, name: &str) {
    for _ in 0..100 {
        let row =
            client.query_one("SELECT count(*) FROM pg_stat_activity WHERE datname = $1", &[&name]).await;
        if row.expect("activity").get::<_, i64>(0) == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

async fn login(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.expect("the test server answers");
    tokio::spawn(async move {
        let _ = connection.await;
    });
    client
}
