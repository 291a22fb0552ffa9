-- The Reporting Service's read model. Only `reporting` writes it (through functions), only the report endpoints read it.

CREATE SCHEMA reporting;

-- The last applied state of each entry. A deleted entry stays as a fact without days, so that a late
-- repeat of an older event is seen to be older.
CREATE TABLE reporting.entry_facts (
    entry_id    uuid PRIMARY KEY,
    user_id     uuid NOT NULL,
    version     bigint NOT NULL,
    project     text,
    -- [{"date": "2026-01-10", "seconds": 3600}], in the entry's own zone.
    days        jsonb NOT NULL DEFAULT '[]',
    applied_at  timestamptz NOT NULL DEFAULT now()
);

-- Seconds per person, day and project ('' is no project).
CREATE TABLE reporting.daily_totals (
    user_id uuid NOT NULL,
    day     date NOT NULL,
    project text NOT NULL DEFAULT '',
    seconds bigint NOT NULL,
    PRIMARY KEY (user_id, day, project)
);

GRANT USAGE ON SCHEMA reporting TO reporting_writer, reports_api;
GRANT SELECT ON reporting.entry_facts, reporting.daily_totals TO reporting_writer;
GRANT SELECT ON reporting.daily_totals TO reports_api;
