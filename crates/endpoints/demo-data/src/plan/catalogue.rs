//! What the invented studio works on: clients, their projects, tasks, and the words that people write for them.

/// A client and its projects.
pub(super) struct Client {
    pub(super) name: &'static str,
    pub(super) color: &'static str,
    pub(super) projects: &'static [Project],
}

/// A project. What is done for a client is billable, but for what its task says.
pub(super) struct Project {
    pub(super) name: &'static str,
    pub(super) color: &'static str,
    pub(super) tasks: &'static [Task],
}

/// A task and what people write of it.
pub(super) struct Task {
    pub(super) name: &'static str,
    pub(super) unpaid: bool,
    pub(super) tag: Option<&'static str>,
    pub(super) phrases: &'static [&'static str],
}

/// Tags and their colours.
pub(super) const TAGS: [(&str, &str); 6] = [
    ("meeting", "#8a5cd1"),
    ("research", "#0e7f8c"),
    ("review", "#2f8f5b"),
    ("urgent", "#c43e4f"),
    ("on site", "#c2570c"),
    ("late", "#5b6475"),
];

/// The task of the meeting that begins most days, in the project [`TEAM`].
pub(super) const MEETINGS: &str = "Meetings";
/// The studio's own project that everybody has.
pub(super) const TEAM: &str = "Team";

const fn paid(name: &'static str, phrases: &'static [&'static str]) -> Task {
    Task { name, unpaid: false, tag: None, phrases }
}

const fn tagged(name: &'static str, tag: &'static str, phrases: &'static [&'static str]) -> Task {
    Task { name, unpaid: false, tag: Some(tag), phrases }
}

const fn unpaid(name: &'static str, tag: Option<&'static str>, phrases: &'static [&'static str]) -> Task {
    Task { name, unpaid: true, tag, phrases }
}

/// Who the studio works for.
pub(super) const CLIENTS: [Client; 4] = [
    Client {
        name: "Nordwind Energie",
        color: "#0e7f8c",
        projects: &[
            Project {
                name: "Customer portal",
                color: "#4f6bed",
                tasks: &[
                    paid(
                        "Design",
                        &[
                            "Wireframes for the invoice page",
                            "Empty states and error texts",
                            "Navigation for small screens",
                            "Dark theme",
                            "Icons for the meter list",
                        ],
                    ),
                    paid(
                        "Development",
                        &[
                            "Login with single sign-on",
                            "Invoice list with filters",
                            "Download of invoices as PDF",
                            "Form to report a move",
                            "Upgrade of the libraries",
                            "Dates in the customer's language",
                            "Address validation",
                        ],
                    ),
                    tagged(
                        "Testing",
                        "review",
                        &[
                            "Regression test before the release",
                            "Review of the payment flow",
                            "Screen reader test",
                            "Tests for the tariff calculator",
                        ],
                    ),
                    tagged(
                        "Workshops",
                        "meeting",
                        &[
                            "Workshop with customer service",
                            "Sprint review with Nordwind",
                            "Prioritised the backlog",
                            "Questions from the data protection officer",
                        ],
                    ),
                    unpaid(
                        "Warranty",
                        None,
                        &[
                            "Fixed rounding on invoices",
                            "Fixed broken link in the mail",
                            "Looked into slow search",
                        ],
                    ),
                ],
            },
            Project {
                name: "Meter reading app",
                color: "#0f8f9c",
                tasks: &[
                    paid(
                        "Development",
                        &[
                            "Camera reads the meter number",
                            "Works without a network",
                            "Sync of readings when back online",
                            "Push messages",
                            "Store builds",
                        ],
                    ),
                    tagged(
                        "Research",
                        "research",
                        &[
                            "Compared libraries for text recognition",
                            "Interviews with field staff",
                            "Tried meters in a dark cellar",
                        ],
                    ),
                    tagged(
                        "Testing",
                        "review",
                        &["Tests on old phones", "Review of the sync code", "Beta feedback sorted"],
                    ),
                ],
            },
        ],
    },
    Client {
        name: "Atelier Fontaine",
        color: "#b4489b",
        projects: &[
            Project {
                name: "Online shop",
                color: "#b4489b",
                tasks: &[
                    paid(
                        "Design",
                        &[
                            "Product page, second draft",
                            "Colour swatches for fabrics",
                            "Checkout on one page",
                            "Photos for the autumn collection",
                        ],
                    ),
                    paid(
                        "Development",
                        &[
                            "Cart remembers its content",
                            "Shipping costs by country",
                            "Payment by card",
                            "Import of products from the spreadsheet",
                            "Search with typos",
                            "Gift vouchers",
                        ],
                    ),
                    tagged(
                        "Calls with the client",
                        "meeting",
                        &[
                            "Weekly call with Mme Fontaine",
                            "Training for the shop team",
                            "Went through the open points",
                        ],
                    ),
                    paid(
                        "Support",
                        &[
                            "Order stuck in payment",
                            "Price change for the sale",
                            "Answered questions about returns",
                        ],
                    ),
                ],
            },
            Project {
                name: "Newsletter",
                color: "#d0679d",
                tasks: &[
                    paid(
                        "Writing",
                        &[
                            "Text for the spring issue",
                            "Subject lines to compare",
                            "Interview with the weaver",
                            "Corrections from the client",
                        ],
                    ),
                    paid(
                        "Template",
                        &["Template for mail programs", "Preview in old Outlook", "Unsubscribe page"],
                    ),
                ],
            },
        ],
    },
    Client {
        name: "Harbor & Pine Hotels",
        color: "#2f8f5b",
        projects: &[Project {
            name: "Booking site",
            color: "#2f8f5b",
            tasks: &[
                paid(
                    "Development",
                    &[
                        "Calendar with free rooms",
                        "Rates by season",
                        "Connected the channel manager",
                        "Confirmation mails",
                        "Cancellation rules",
                        "Faster start page",
                    ],
                ),
                paid(
                    "Operations",
                    &[
                        "Rehearsed the release",
                        "Moved to the new servers",
                        "Backups restored as a test",
                        "Renewed certificates",
                        "Release of version 3",
                    ],
                ),
                tagged(
                    "Testing",
                    "review",
                    &[
                        "Load test before the holidays",
                        "Review of the rates code",
                        "Booked a room in every language",
                    ],
                ),
                tagged(
                    "Calls with the client",
                    "meeting",
                    &["Weekly call with Harbor & Pine", "Plan for the summer season", "Demo of the calendar"],
                ),
            ],
        }],
    },
    Client {
        name: "Sundar Textiles",
        color: "#c2570c",
        projects: &[Project {
            name: "Stock overview",
            color: "#c2570c",
            tasks: &[
                paid(
                    "Development",
                    &[
                        "Import of delivery notes",
                        "Stock by warehouse",
                        "Warning when stock runs low",
                        "Labels with bar codes",
                        "Export for the accountant",
                        "Roles for warehouse staff",
                    ],
                ),
                tagged(
                    "Analysis",
                    "research",
                    &[
                        "Followed a delivery through the warehouse",
                        "Cleaned the old article list",
                        "Numbers that do not add up",
                        "Sketch of the data model",
                    ],
                ),
                tagged(
                    "Calls with the client",
                    "meeting",
                    &[
                        "Call with the warehouse manager",
                        "Showed the first version",
                        "Agreed on the next steps",
                    ],
                ),
            ],
        }],
    },
];

/// What the studio does for itself.
pub(super) const OWN: [Project; 2] = [
    Project {
        name: TEAM,
        color: "#5b6475",
        tasks: &[
            unpaid(
                MEETINGS,
                Some("meeting"),
                &["Daily stand-up", "Daily stand-up", "Daily stand-up", "Stand-up and board"],
            ),
            unpaid(
                "Planning",
                Some("meeting"),
                &["Plan the week", "Retrospective", "One to one", "Who does what next month"],
            ),
            unpaid(
                "Administration",
                None,
                &[
                    "Expenses",
                    "Mails and calls",
                    "Offer for a new client",
                    "Time sheets checked",
                    "Invoices written",
                ],
            ),
            unpaid(
                "Learning",
                Some("research"),
                &[
                    "Read about accessibility",
                    "Course on databases",
                    "Tried a new build tool",
                    "Talk at the user group",
                ],
            ),
            unpaid("Hiring", None, &["Interview with a designer", "Read applications", "Wrote the job ad"]),
        ],
    },
    Project {
        name: "Our website",
        color: "#b58a00",
        tasks: &[
            unpaid(
                "Writing",
                None,
                &["Case study about the portal", "Blog post on field tests", "New texts for the team page"],
            ),
            unpaid("Design", None, &["Photos of the team", "New start page", "Typeface for headings"]),
        ],
    },
];
