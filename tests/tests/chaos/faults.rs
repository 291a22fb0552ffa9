//! What can go wrong.

use std::process::Command;
use std::thread;
use std::time::Duration;

use e2e::{Control, truth};
use fastrand::Rng;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Connection, ConnectionProperties};

/// How often each is chosen.
const FAULTS: [(Fault, usize); 12] = [
    (Fault::Kill("bridge"), 4),
    (Fault::Kill("reporting"), 4),
    (Fault::Kill("rabbitmq"), 1),
    (Fault::Stop("rabbitmq"), 1),
    (Fault::Freeze("rabbitmq"), 2),
    (Fault::Restart("postgres"), 1),
    (Fault::Freeze("bridge"), 1),
    (Fault::Freeze("reporting"), 1),
    (Fault::CutDatabase, 3),
    (Fault::CutBroker, 3),
    (Fault::OldMessages, 4),
    (Fault::Reversed, 2),
];

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// SIGKILL, and a start.
    Kill(&'static str),
    /// An orderly stop, some seconds of absence, and a start.
    Stop(&'static str),
    /// A restart.
    Restart(&'static str),
    /// It does not answer for some seconds: confirms are late.
    Freeze(&'static str),
    /// All connections to PostgreSQL are cut.
    CutDatabase,
    /// All connections to RabbitMQ are cut: both ends see a reset.
    CutBroker,
    /// Messages of the past are delivered again.
    OldMessages,
    /// The newest messages are delivered again, the last one first.
    Reversed,
}

impl Fault {
    /// One at random, each by its weight.
    pub fn any(random: &mut Rng) -> Self {
        let all = FAULTS.iter().flat_map(|(fault, weight)| std::iter::repeat_n(*fault, *weight));
        random.choice(all.collect::<Vec<_>>()).expect("there are some")
    }

    /// Do it; answers how many messages it has repeated.
    pub fn inflict(self, control: &Control, random: &mut Rng) -> usize {
        let some_time = Duration::from_millis(random.u64(200..3000));
        match self {
            Self::Kill(service) => {
                control.ask(&format!("kill {service}"));
                thread::sleep(some_time / 4);
                control.ask(&format!("start {service}"));
            }
            Self::Stop(service) => {
                control.ask(&format!("stop {service}"));
                thread::sleep(some_time);
                control.ask(&format!("start {service}"));
            }
            Self::Restart(service) => drop(control.ask(&format!("restart {service}"))),
            Self::Freeze(service) => control.freeze(service, some_time),
            Self::CutDatabase => truth::block_on(async {
                let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('bridge', 'reporting_writer', 'tracking_api')";
                truth::database().await.execute(cut, &[]).await.unwrap();
            }),
            Self::CutBroker => cut("TIMETRACKER_TEST_AMQP_URL"),
            Self::OldMessages => return deliver_again("md5(id::text || now()::text)"),
            Self::Reversed => return deliver_again("recorded_at DESC"),
        }
        0
    }
}

/// Cut all connections to where the address in this variable points.
fn cut(variable: &str) {
    let address = testkit::required(variable);
    let (host, port) =
        address.rsplit_once('@').and_then(|(_, rest)| rest.split('/').next()?.split_once(':')).unwrap();
    match Command::new("ss").args(["-K", "dst", host, "dport", "=", port]).output() {
        Ok(done) => assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr)),
        Err(error) => println!("not cut: ss (of iproute2): {error}"),
    }
}

/// Publish messages, each with its id, and wait until they are confirmed.
pub async fn publish(routing_key: &str, messages: &[(String, Vec<u8>)]) {
    let amqp = testkit::required("TIMETRACKER_TEST_AMQP_URL");
    let connection = Connection::connect(&amqp, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    for (id, body) in messages {
        let properties = BasicProperties::default().with_message_id(id.as_str().into()).with_delivery_mode(2);
        let options = BasicPublishOptions::default();
        let confirm =
            channel.basic_publish(broker::EVENTS.into(), routing_key.into(), options, body, properties);
        confirm.await.unwrap().await.unwrap();
    }
}

/// Deliver events of the log again: `order` is an ORDER BY.
fn deliver_again(order: &str) -> usize {
    truth::block_on(async {
        let sql = format!(
            "SELECT id::text, envelope::text FROM tracking.events WHERE type LIKE '%time_entry%' ORDER BY {order} LIMIT 100"
        );
        let rows = truth::database().await.query(&sql, &[]).await.unwrap();
        let messages: Vec<_> =
            rows.iter().map(|row| (row.get(0), row.get::<_, String>(1).into_bytes())).collect();
        publish("time_entry.changed", &messages).await;
        messages.len()
    })
}
