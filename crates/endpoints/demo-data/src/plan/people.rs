//! Who works there: four people who were invented, and the caller.

use chrono_tz::Tz;
use serde::Serialize;
use uuid::{Uuid, uuid};

use super::calendar::Country;

/// Ids of invented people are names in here, so that they are the same ones each time.
const NAMESPACE: Uuid = uuid!("6f0b7c1e-3d5a-4e0e-9a64-5f3c8d1b2e70");

/// Somebody who was invented, as the database takes them.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) username: &'static str,
    pub(super) name: &'static str,
    pub(super) zone: &'static str,
    pub(super) locale: &'static str,
    pub(super) week_start: &'static str,
}

/// How somebody works.
#[derive(Debug, Clone)]
pub(super) struct Habits {
    pub(super) person: Uuid,
    pub(super) zone: Tz,
    pub(super) country: Country,
    /// When the day begins, in minutes since midnight.
    pub(super) begins: i64,
    /// How long an ordinary day is, in minutes.
    pub(super) minutes: i64,
    /// What they work on, and how often.
    pub(super) projects: &'static [(&'static str, u32)],
    /// Whether they once work through midnight.
    pub(super) night: bool,
}

struct Invented {
    username: &'static str,
    name: &'static str,
    zone: Tz,
    locale: &'static str,
    week_start: &'static str,
    country: Country,
    begins: i64,
    minutes: i64,
    projects: &'static [(&'static str, u32)],
    night: bool,
}

const INVENTED: [Invented; 4] = [
    Invented {
        username: "demo.camille",
        name: "Camille Laurent",
        zone: Tz::Europe__Paris,
        locale: "fr",
        week_start: "iso",
        country: Country::France,
        begins: 9 * 60,
        minutes: 430,
        projects: &[
            ("Online shop", 6),
            ("Newsletter", 4),
            ("Customer portal", 2),
            ("Our website", 2),
            ("Team", 1),
        ],
        night: false,
    },
    Invented {
        username: "demo.reto",
        name: "Reto Ammann",
        zone: Tz::Europe__Zurich,
        locale: "de",
        week_start: "iso",
        country: Country::Switzerland,
        begins: 7 * 60 + 30,
        minutes: 495,
        projects: &[("Customer portal", 7), ("Meter reading app", 4), ("Team", 2)],
        night: false,
    },
    Invented {
        username: "demo.grace",
        name: "Grace Whitfield",
        zone: Tz::America__New_York,
        locale: "en",
        week_start: "sunday",
        country: Country::UnitedStates,
        begins: 8 * 60 + 45,
        minutes: 470,
        projects: &[("Booking site", 9), ("Online shop", 2), ("Team", 1)],
        night: true,
    },
    Invented {
        username: "demo.ananya",
        name: "Ananya Iyer",
        zone: Tz::Asia__Kolkata,
        locale: "en",
        week_start: "monday",
        country: Country::India,
        begins: 9 * 60 + 30,
        minutes: 480,
        projects: &[("Stock overview", 8), ("Meter reading app", 4), ("Booking site", 1), ("Team", 1)],
        night: false,
    },
];

/// The invented people.
pub(super) fn invented() -> Vec<Person> {
    let person = |one: &Invented| Person {
        id: id(one),
        username: one.username,
        name: one.name,
        zone: one.zone.name(),
        locale: one.locale,
        week_start: one.week_start,
    };
    INVENTED.iter().map(person).collect()
}

/// How everybody works: the invented people, then the caller.
pub(super) fn habits(caller: Uuid, zone: Tz) -> Vec<Habits> {
    let of_invented = INVENTED.iter().map(|one| Habits {
        person: id(one),
        zone: one.zone,
        country: one.country,
        begins: one.begins,
        minutes: one.minutes,
        projects: one.projects,
        night: one.night,
    });
    let of_caller = Habits {
        person: caller,
        zone,
        country: Country::Elsewhere,
        begins: 8 * 60 + 30,
        minutes: 475,
        projects: &[("Customer portal", 4), ("Stock overview", 2), ("Our website", 2), ("Team", 3)],
        night: false,
    };
    of_invented.chain([of_caller]).collect()
}

fn id(one: &Invented) -> Uuid {
    Uuid::new_v5(&NAMESPACE, one.username.as_bytes())
}
