//! Streams over a clock, a log and a wire of the test's own.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use api::sql::{Database, Error, Rows, Value};
use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::task::{JoinHandle, LocalSet, spawn_local};
use tokio::time::{Instant, sleep};

use super::*;

/// What all streams of an instance share: one log, one hub, one clock.
struct World {
    hub: Rc<Hub>,
    begun: Instant,
    log: RefCell<Vec<(Uuid, i64)>>,
    looks: Cell<usize>,
    asked: Cell<usize>,
    fetched: RefCell<HashMap<String, usize>>,
    fails: Cell<bool>,
    clock_set_back: Cell<bool>,
}

/// One reader's wire.
#[derive(Clone)]
struct Wire {
    world: Rc<World>,
    received: Rc<RefCell<String>>,
    open: Rc<Cell<bool>>,
    stuck: Rc<Cell<bool>>,
    token_ends: DateTime<Utc>,
}

struct Log(Rc<World>);

impl Database for Log {
    async fn query(&self, statement: &str, parameters: Vec<Value>) -> Result<Rows, Error> {
        if statement.contains("close_stream") {
            return Ok(Rows::default());
        }
        self.0.looks.set(self.0.looks.get() + 1);
        sleep(Duration::from_millis(5)).await;
        if self.0.fails.get() {
            return Err(Error::Unavailable("gone".to_owned()));
        }
        let (Value::Json(seats), Value::Int(limit)) = (&parameters[0], &parameters[1]) else {
            panic!("{parameters:?}")
        };
        let seats: serde_json::Value = seats.parse().unwrap();
        self.0.asked.set(seats.as_array().unwrap().len());
        let mut rows = Vec::new();
        for seat in seats.as_array().unwrap() {
            let (reader, after) = (seat["reader"].as_str().unwrap(), seat["after"].as_i64().unwrap());
            let log = self.0.log.borrow();
            let new = log.iter().filter(|(user, number)| user.to_string() == reader && *number > after);
            let new: Vec<_> = new.take(usize::try_from(*limit).unwrap()).collect();
            *self.0.fetched.borrow_mut().entry(reader.to_owned()).or_default() += new.len();
            rows.extend(new.iter().map(|(_, number)| {
                let seat = seat["seat"].as_i64().unwrap();
                vec![seat.into(), (*number).into(), "tag.created".into(), json!({}).into()]
            }));
        }
        Ok(testkit::rows(&rows))
    }
}

impl Outlet for Wire {
    fn database(&self) -> impl Database {
        Log(Rc::clone(&self.world))
    }

    fn now(&self) -> DateTime<Utc> {
        let back = if self.world.clock_set_back.get() { TimeDelta::hours(1) } else { TimeDelta::zero() };
        DateTime::UNIX_EPOCH + TimeDelta::from_std(self.world.begun.elapsed()).unwrap() - back
    }

    fn token_ends(&self) -> DateTime<Utc> {
        self.token_ends
    }

    async fn sleep(&self, time: Duration) {
        sleep(time).await;
    }

    fn is_open(&self) -> bool {
        self.open.get()
    }

    async fn fail(&mut self) {
        unreachable!("live updates end, and go on when the reader comes back");
    }

    async fn send(&mut self, piece: String) {
        while self.stuck.get() {
            sleep(Duration::from_millis(100)).await;
        }
        self.received.borrow_mut().push_str(&piece);
    }
}

impl World {
    fn new() -> Rc<Self> {
        Rc::new(Self {
            hub: Rc::default(),
            begun: Instant::now(),
            log: RefCell::default(),
            looks: Cell::default(),
            asked: Cell::default(),
            fetched: RefCell::default(),
            fails: Cell::default(),
            clock_set_back: Cell::default(),
        })
    }

    fn append(&self, user: Uuid, numbers: std::ops::RangeInclusive<i64>) {
        self.log.borrow_mut().extend(numbers.map(|number| (user, number)));
    }

    /// Somebody begins to listen.
    fn listen(self: &Rc<Self>, user: Uuid, after: i64, token_seconds: i64) -> (Wire, JoinHandle<()>) {
        let token_ends = DateTime::UNIX_EPOCH + TimeDelta::seconds(token_seconds);
        let wire = Wire {
            world: Rc::clone(self),
            received: Rc::default(),
            open: Rc::new(Cell::new(true)),
            stuck: Rc::default(),
            token_ends,
        };
        let (hub, outlet) = (Rc::clone(&self.hub), wire.clone());
        let opened = serde_json::to_vec(&Opened { after, stream: Uuid::nil() }).unwrap();
        let stream = spawn_local(async move { follow(&hub, outlet, user, &opened).await });
        (wire, stream)
    }
}

impl Wire {
    /// The numbers of the events that came.
    fn numbers(&self) -> Vec<i64> {
        let received = self.received.borrow();
        let events = received.split("\n\n").filter(|block| block.contains("event: tag.created\ndata: {}"));
        events.map(|block| block[4..].split('\n').next().unwrap().parse().unwrap()).collect()
    }
}

async fn seconds(count: u64) {
    sleep(Duration::from_secs(count)).await;
}

const ALICE: Uuid = Uuid::from_u128(1);
const BOB: Uuid = Uuid::from_u128(2);

#[tokio::test(start_paused = true)]
async fn a_reader_gets_what_came_after_in_order_and_of_nobody_else() {
    let run = async {
        let world = World::new();
        world.append(ALICE, 1..=3);
        world.append(BOB, 1..=9);
        let (wire, _stream) = world.listen(ALICE, 1, 600);
        seconds(1).await;
        assert!(
            wire.received.borrow().starts_with("retry: 1000\nid: 1\n\nid: 2\nevent: "),
            "{:?}",
            wire.received
        );
        assert_eq!(wire.numbers(), [2, 3]);
        world.append(BOB, 10..=11);
        world.append(ALICE, 4..=4);
        sleep(Duration::from_millis(1500)).await;
        assert_eq!(wire.numbers(), [2, 3, 4], "within one and a half seconds");
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn all_streams_share_one_look_a_second_and_none_is_made_without_them() {
    let run = async {
        let world = World::new();
        let streams: Vec<_> = (0..16).map(|_| world.listen(ALICE, 0, 600)).collect();
        seconds(30).await;
        world.append(ALICE, 1..=1);
        seconds(10).await;
        assert!((30..=41).contains(&world.looks.get()), "{} looks", world.looks.get());
        assert!(streams.iter().all(|(wire, _)| wire.numbers() == [1]));
        seconds(30).await;
        assert!(streams.iter().all(|(_, stream)| stream.is_finished()));
        let looks = world.looks.get();
        seconds(30).await;
        assert_eq!(world.looks.get(), looks);
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn it_ends_after_a_minute_or_with_the_token_and_beats_while_it_is_quiet() {
    let run = async {
        let world = World::new();
        let (whole, whole_stream) = world.listen(ALICE, 0, 600);
        let (short, short_stream) = world.listen(ALICE, 0, 20);
        sleep(Duration::from_millis(20_500)).await;
        assert!(short_stream.is_finished() && !whole_stream.is_finished());
        assert_eq!(short.received.borrow().matches(":\n\n").count(), 1);
        seconds(39).await;
        assert!(!whole_stream.is_finished());
        seconds(1).await;
        assert!(whole_stream.is_finished());
        assert_eq!(whole.received.borrow().matches(":\n\n").count(), 3);
        let (late, late_stream) = world.listen(ALICE, 0, 20);
        seconds(1).await;
        assert!(
            late_stream.is_finished() && late.received.borrow().starts_with("retry"),
            "the token has ended"
        );
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn who_goes_leaves_nothing_behind() {
    let run = async {
        let world = World::new();
        let (gone, gone_stream) = world.listen(ALICE, 0, 600);
        let (cut, cut_stream) = world.listen(ALICE, 0, 600);
        seconds(1).await;
        gone.open.set(false);
        // In the midst of a look, too.
        let looks = world.looks.get();
        while world.looks.get() == looks {
            sleep(Duration::from_millis(1)).await;
        }
        cut_stream.abort();
        seconds(1).await;
        assert!(gone_stream.is_finished() && cut_stream.is_finished());
        drop(cut);
        let (stays, _stream) = world.listen(ALICE, 0, 600);
        seconds(2).await;
        assert_eq!(world.asked.get(), 1, "nobody asks for who has gone");
        world.append(ALICE, 1..=1);
        seconds(2).await;
        assert_eq!((stays.numbers(), gone.numbers()), (vec![1], vec![]));
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn many_changes_at_once_all_arrive() {
    let run = async {
        let world = World::new();
        world.append(ALICE, 1..=3500);
        let (wire, _stream) = world.listen(ALICE, 0, 600);
        seconds(15).await;
        assert!(wire.numbers().into_iter().eq(1..=3500), "{} came", wire.numbers().len());
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn a_reader_who_does_not_read_fills_no_memory() {
    let run = async {
        let world = World::new();
        let (slow, _slow_stream) = world.listen(ALICE, 0, 600);
        let (quick, _quick_stream) = world.listen(BOB, 0, 600);
        seconds(2).await;
        slow.stuck.set(true);
        world.append(ALICE, 1..=3500);
        for number in 1..=20 {
            world.append(BOB, number..=number);
            seconds(1).await;
        }
        let fetched = world.fetched.borrow()[&ALICE.to_string()];
        assert!(fetched <= 200, "one piece on its way and one waiting: {fetched}");
        assert!(quick.numbers().len() >= 19, "the others go on");
        slow.stuck.set(false);
        seconds(15).await;
        assert!(slow.numbers().into_iter().eq(1..=3500), "{} came", slow.numbers().len());
    };
    LocalSet::new().run_until(run).await;
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_away_and_a_clock_that_is_set_back_are_outlived() {
    let run = async {
        let world = World::new();
        let (wire, _stream) = world.listen(ALICE, 0, 600);
        seconds(3).await;
        world.fails.set(true);
        world.append(ALICE, 1..=1);
        seconds(5).await;
        assert!((6..=10).contains(&world.looks.get()), "no storm: {} looks", world.looks.get());
        world.fails.set(false);
        seconds(2).await;
        assert_eq!(wire.numbers(), [1]);
        world.clock_set_back.set(true);
        world.append(ALICE, 2..=2);
        seconds(2).await;
        assert_eq!(wire.numbers(), [1, 2]);
    };
    LocalSet::new().run_until(run).await;
}
