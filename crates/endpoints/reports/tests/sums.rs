//! The summary against the same sums made one by one of the entries, for whatever can be asked.

#![allow(clippy::unwrap_used, reason = "a test ends where something is not as it should be")]

mod suite;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, TimeDelta};
use endpoints_reports::Summary;
use fastrand::Rng;
use serde_json::{Value, json};
use suite::{Entry, Model};
use uuid::Uuid;

const WAYS: [&str; 10] =
    ["user", "client", "project", "task", "tag", "billable", "day", "week", "month", "year"];

/// Random entries, and what they name.
struct World {
    model: Model,
    entries: Vec<Entry>,
    users: Vec<Uuid>,
    clients: Vec<Uuid>,
    /// Each with its client.
    projects: Vec<(Uuid, Option<Uuid>)>,
    tasks: Vec<Uuid>,
    tags: Vec<Uuid>,
}

fn ids(rng: &mut Rng, count: usize) -> Vec<Uuid> {
    (0..count).map(|_| Uuid::from_u128(rng.u128(..))).collect()
}

/// One of them, or none.
fn some<T: Copy>(rng: &mut Rng, all: &[T]) -> Option<T> {
    all.get(rng.usize(..=all.len())).copied()
}

impl World {
    async fn new(rng: &mut Rng) -> Self {
        let model = Model::empty().await;
        let users = [vec![model.alice.id], ids(rng, 3)].concat();
        let (clients, tasks, tags) = (ids(rng, 2), ids(rng, 5), ids(rng, 3));
        let projects: Vec<_> = ids(rng, 5).into_iter().map(|id| (id, some(rng, &clients))).collect();
        let mut world = Self { model, entries: Vec::new(), users, clients, projects, tasks, tags };
        for _ in 0..400 {
            let entry = world.entry(rng);
            world.entries.push(entry);
        }
        let first: Vec<Value> = world.entries.iter().map(Entry::json).collect();
        // Then they are changed and deleted: what remains is to be in the sums.
        for at in 0..world.entries.len() {
            let Entry { id, user, .. } = world.entries[at];
            match rng.u8(..10) {
                0 => world.entries[at].deleted = true,
                1 | 2 => world.entries[at] = Entry { id, user, ..world.entry(rng) },
                _ => {}
            }
            world.entries[at].version = 2;
        }
        let second: Vec<Value> = world.entries.iter().map(Entry::json).collect();
        for batch in first.chunks(100).chain(second.chunks(150)) {
            world.model.apply(batch, &[], &[]).await;
        }
        // The last project is not known: it has no client either.
        world.projects[4].1 = None;
        for (id, client) in &world.projects[..4] {
            world.model.name("project", *id, 1, "P", *client).await;
        }
        world
    }

    fn entry(&self, rng: &mut Rng) -> Entry {
        let day = NaiveDate::from_ymd_opt(2025, 11, 20).unwrap() + TimeDelta::days(rng.i64(0..130));
        let priced = rng.bool();
        let projects: Vec<Uuid> = self.projects.iter().map(|(id, _)| *id).collect();
        let mut part = |day| {
            let seconds = rng.i64(1..40_000);
            (day, seconds, seconds + rng.i64(0..900), priced.then(|| rng.i64(0..9_999)))
        };
        let days = [part(day), part(day.succ_opt().unwrap())];
        let two = rng.u8(..5) == 0;
        Entry {
            user: self.users[rng.usize(..self.users.len())],
            project: some(rng, &projects),
            task: some(rng, &self.tasks),
            tags: self.tags.iter().filter(|_| rng.u8(..3) == 0).copied().collect(),
            billable: rng.bool(),
            currency: priced.then(|| ["CHF", "EUR"][rng.usize(..2)]),
            days: days[..1 + usize::from(two)].to_vec(),
            ..Entry::on(&day.to_string(), 1)
        }
    }

    fn client_of(&self, project: Option<Uuid>) -> Option<Uuid> {
        self.projects.iter().find(|(id, _)| Some(*id) == project).and_then(|(_, client)| *client)
    }
}

/// One question.
struct Wish {
    from: NaiveDate,
    to: NaiveDate,
    by: Vec<&'static str>,
    week_start: &'static str,
    user: Option<Uuid>,
    client: Option<Uuid>,
    project: Option<Uuid>,
    task: Option<Uuid>,
    tag: Option<Uuid>,
    billable: Option<bool>,
}

impl Wish {
    fn query(&self) -> String {
        let Self { from, to, week_start, .. } = self;
        let mut query = format!("from={from}&to={to}&group_by={}&week_start={week_start}", self.by.join(","));
        query += &format!("&user={}", self.user.map_or("all".to_owned(), |id| id.to_string()));
        for (name, id) in
            [("client", self.client), ("project", self.project), ("task", self.task), ("tag", self.tag)]
        {
            query.extend(id.map(|id| format!("&{name}={id}")));
        }
        query.extend(self.billable.map(|yes| format!("&billable={yes}")));
        query
    }

    fn wants(&self, world: &World, entry: &Entry) -> bool {
        let is = |wanted: Option<Uuid>, value: Option<Uuid>| wanted.is_none() || wanted == value;
        !entry.deleted
            && is(self.user, Some(entry.user))
            && is(self.client, world.client_of(entry.project))
            && is(self.project, entry.project)
            && is(self.task, entry.task)
            && self.tag.is_none_or(|tag| entry.tags.contains(&tag))
            && self.billable.is_none_or(|billable| billable == entry.billable)
    }

    /// The tags that an entry counts under.
    fn tags(&self, entry: &Entry) -> Vec<Option<Uuid>> {
        match (self.tag, self.by.contains(&"tag"), entry.tags.is_empty()) {
            (Some(tag), ..) => vec![Some(tag)],
            (None, true, false) => entry.tags.iter().copied().map(Some).collect(),
            _ => vec![None],
        }
    }

    fn key(
        &self,
        world: &World,
        by: &str,
        entry: &Entry,
        tag: Option<Uuid>,
        day: NaiveDate,
    ) -> Option<String> {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string());
        match by {
            "user" => Some(entry.user.to_string()),
            "client" => id(world.client_of(entry.project)),
            "project" => id(entry.project),
            "task" => id(entry.task),
            "tag" => id(tag),
            "billable" => Some(entry.billable.to_string()),
            "day" => Some(day.to_string()),
            "month" => Some(day.to_string()[..7].to_owned()),
            "year" => Some(day.year().to_string()),
            _ => {
                let after = match self.week_start {
                    "sunday" => day.weekday().num_days_from_sunday(),
                    _ => day.weekday().num_days_from_monday(),
                };
                Some((day - TimeDelta::days(after.into())).to_string())
            }
        }
    }
}

/// Seconds, rounded seconds, and amounts by currency.
type Sum = (i64, i64, BTreeMap<String, i64>);
type Groups = BTreeMap<Vec<Option<String>>, Sum>;

fn add(sum: &mut Sum, entry: &Entry, part: (NaiveDate, i64, i64, Option<i64>)) {
    sum.0 += part.1;
    sum.1 += part.2;
    if let (Some(currency), Some(amount)) = (entry.currency, part.3) {
        *sum.2.entry(currency.to_owned()).or_default() += amount;
    }
}

fn by_hand(world: &World, wish: &Wish) -> (Groups, Sum) {
    let (mut groups, mut totals) = (Groups::new(), Sum::default());
    for entry in world.entries.iter().filter(|entry| wish.wants(world, entry)) {
        for part in entry.days.iter().filter(|part| (wish.from..=wish.to).contains(&part.0)) {
            add(&mut totals, entry, *part);
            for tag in wish.tags(entry) {
                let keys = wish.by.iter().map(|by| wish.key(world, by, entry, tag, part.0)).collect();
                add(groups.entry(keys).or_default(), entry, *part);
            }
        }
    }
    (groups, totals)
}

fn read_sum(value: &Value) -> Sum {
    let amounts = value["amounts"].as_array().unwrap().iter();
    let amounts =
        amounts.map(|one| (one["currency"].as_str().unwrap().to_owned(), one["amount"].as_i64().unwrap()));
    let seconds = |name: &str| value[name].as_i64().unwrap();
    (seconds("seconds"), seconds("rounded_seconds"), amounts.collect())
}

fn read_keys(group: &Value) -> Vec<Option<String>> {
    let keys = group["keys"].as_array().unwrap().iter();
    keys.map(|key| key["key"].as_str().map(str::to_owned)).collect()
}

/// Neighbours differ first at a level that is in order.
fn assert_order(wish: &Wish, groups: &[Vec<Option<String>>], sums: &Groups) {
    let below = |beginning: &[Option<String>]| -> i64 {
        sums.iter().filter(|(keys, _)| keys.starts_with(beginning)).map(|(_, sum)| sum.0).sum()
    };
    for pair in groups.windows(2) {
        let level = (0..wish.by.len()).find(|level| pair[0][*level] != pair[1][*level]).unwrap();
        let right = match wish.by[level] {
            "day" | "week" | "month" | "year" => pair[0][level] < pair[1][level],
            _ => below(&pair[0][..=level]) >= below(&pair[1][..=level]),
        };
        assert!(right, "{} {pair:?}", wish.query());
    }
}

/// Every set of one to three ways, in a random order.
fn combinations(rng: &mut Rng) -> Vec<Vec<&'static str>> {
    let sets = (1_u32..1 << WAYS.len()).filter(|set| set.count_ones() <= 3);
    sets.map(|set| {
        let mut ways: Vec<_> =
            (0..WAYS.len()).filter(|way| set >> way & 1 == 1).map(|way| WAYS[way]).collect();
        rng.shuffle(&mut ways);
        ways
    })
    .collect()
}

#[tokio::test]
async fn every_summary_is_the_sum_of_its_entries() {
    let mut rng = Rng::with_seed(5);
    let world = World::new(&mut rng).await;
    let spans = [
        ("2025-12-01", "2026-02-28"),
        ("2025-12-02", "2026-02-27"),
        ("2025-11-30", "2026-03-01"),
        ("2026-01-01", "2026-01-31"),
        ("2025-11-01", "2026-12-31"),
        ("2026-01-10", "2026-01-10"),
    ];
    let projects: Vec<Uuid> = world.projects.iter().map(|(id, _)| *id).collect();
    let mut not_empty = 0;
    for round in 0..3 {
        for by in combinations(&mut rng) {
            let (from, to) = spans[rng.usize(..spans.len())];
            // Without filters, with one of each kind now and then, and with many.
            let mut rare = rng.fork();
            let mut filter = |all: &[Uuid]| match rare.u8(..[255, 4, 2][round]) {
                0 => some(&mut rare, all),
                _ => None,
            };
            let wish = Wish {
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
                by,
                week_start: ["iso", "monday", "sunday"][rng.usize(..3)],
                user: filter(&world.users),
                client: filter(&world.clients),
                project: filter(&projects),
                task: filter(&world.tasks),
                tag: filter(&world.tags),
                billable: some(&mut rng, &[true, false]).filter(|_| round > 0),
            };
            let query = wish.query();
            let answer = world.model.get::<Summary>(&world.model.boss, &query).await;
            assert_eq!(answer.status, 200, "{query} {}", answer.body);
            let (groups, totals) = by_hand(&world, &wish);
            let listed = answer.body["groups"].as_array().unwrap();
            let answered: Groups = listed.iter().map(|group| (read_keys(group), read_sum(group))).collect();
            assert_eq!(answered, groups, "{query}");
            assert_eq!(listed.len(), groups.len(), "{query}");
            assert_eq!(read_sum(&answer.body["totals"]), totals, "{query}");
            assert_order(&wish, &listed.iter().map(read_keys).collect::<Vec<_>>(), &groups);
            not_empty += usize::from(!groups.is_empty());
        }
    }
    assert!(not_empty > 300, "{not_empty}: the questions are not the right ones");
    // What they are made of is what the model keeps.
    let admin = world.model.behind.admin().await;
    let kept: i64 = admin
        .query_one("SELECT sum(seconds)::bigint FROM reporting.entry_facts WHERE NOT deleted", &[])
        .await
        .unwrap()
        .get(0);
    let all = "from=2025-01-01&to=2026-12-31&group_by=year&user=all";
    let answer = world.model.get::<Summary>(&world.model.boss, all).await.body;
    assert_eq!(answer["totals"]["seconds"], json!(kept));
}
