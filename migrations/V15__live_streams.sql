-- The streams of /api/v1/live that are open, to bound those of a person over all instances. Unlogged: none outlives a crash.
CREATE UNLOGGED TABLE tracking.live_streams (
    id      uuid PRIMARY KEY,
    user_id uuid NOT NULL,
    -- Should nobody say that it ended.
    ends_at timestamptz NOT NULL
);
CREATE INDEX live_streams_user_id ON tracking.live_streams (user_id);
