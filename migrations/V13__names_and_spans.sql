-- Names in one Unicode form and compared by full case folding; entries that trade places; days of 25 hours.

-- What two names have in common that read alike: Normalization Form C, full case folding (straße, STRASSE), one space
-- for any white space. Unique indexes stand on it, so it never changes; the domain refuses what has no visible sign.
CREATE FUNCTION tracking.name_key(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT casefold(normalize(regexp_replace(btrim(p_name COLLATE pg_catalog.pg_unicode_fast), '\s+', ' ', 'g'), NFC))
$$;
GRANT EXECUTE ON FUNCTION tracking.name_key TO tracking_api, reports_api;

UPDATE tracking.catalogue SET name = normalize(name, NFC) WHERE name IS NOT NFC NORMALIZED;
UPDATE tracking.time_entries SET description = normalize(description, NFC) WHERE description IS NOT NFC NORMALIZED;
UPDATE reporting_app.saved_reports SET name = normalize(name, NFC) WHERE name IS NOT NFC NORMALIZED;

-- Names that were two and now are one: the later ones get a number.
CREATE FUNCTION pg_temp.numbered(p_name text, p_number bigint) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN p_number = 1 THEN p_name ELSE left(p_name, 94) || ' (' || p_number || ')' END
$$;
UPDATE tracking.catalogue c SET name = pg_temp.numbered(c.name, same.number)
FROM (SELECT id, row_number() OVER (PARTITION BY kind, CASE WHEN kind = 'task' THEN parent_id END, tracking.name_key(name)
                                    ORDER BY created_at, id) AS number
      FROM tracking.catalogue WHERE archived_at IS NULL AND deleted_at IS NULL) same
WHERE same.id = c.id AND same.number > 1;
UPDATE reporting_app.saved_reports r SET name = pg_temp.numbered(r.name, same.number)
FROM (SELECT id, row_number() OVER (PARTITION BY owner, tracking.name_key(name) ORDER BY created_at, id) AS number
      FROM reporting_app.saved_reports) same
WHERE same.id = r.id AND same.number > 1;

DROP INDEX tracking.catalogue_name_taken;
CREATE UNIQUE INDEX catalogue_name_taken ON tracking.catalogue
    (kind, (CASE WHEN kind = 'task' THEN parent_id END), tracking.name_key(name)) NULLS NOT DISTINCT
    WHERE archived_at IS NULL AND deleted_at IS NULL;
DROP INDEX reporting_app.saved_reports_name_taken;
CREATE UNIQUE INDEX saved_reports_name_taken ON reporting_app.saved_reports (owner, tracking.name_key(name));

-- Deferrable: a bulk may let two entries trade places. A running entry (no end) must not block the future, so only
-- closed ones exclude each other.
ALTER TABLE tracking.time_entries DROP CONSTRAINT time_entries_no_overlap;
ALTER TABLE tracking.time_entries ADD CONSTRAINT time_entries_no_overlap EXCLUDE USING gist (
    user_id WITH =, tstzrange(started_at, ended_at) WITH &&
) WHERE (ended_at IS NOT NULL AND deleted_at IS NULL) DEFERRABLE INITIALLY IMMEDIATE;

-- The domain allows one calendar day of the entry's zone: up to 27 hours (Antarctica/Casey in March 2010).
ALTER TABLE tracking.time_entries DROP CONSTRAINT time_entries_at_most_a_day;
ALTER TABLE tracking.time_entries
    ADD CONSTRAINT time_entries_at_most_a_day CHECK (ended_at - started_at <= interval '27 hours') NOT VALID;

-- Their parameters have changed (migrations/functions).
DROP FUNCTION IF EXISTS tracking.check_entry, tracking.overlapping;
