-- Count a stream in; false where the person has as many as they may.
CREATE OR REPLACE FUNCTION tracking.open_stream(p_person uuid, p_stream uuid, p_most bigint, p_seconds bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, tracking AS $$
BEGIN
    -- One after the other, or two could both be the last that fits.
    PERFORM pg_advisory_xact_lock(hashtextextended('tracking.open_stream ' || p_person, 0));
    DELETE FROM tracking.live_streams WHERE user_id = p_person AND ends_at <= now();
    IF (SELECT count(*) >= p_most FROM tracking.live_streams WHERE user_id = p_person) THEN
        RETURN false;
    END IF;
    INSERT INTO tracking.live_streams (id, user_id, ends_at)
    VALUES (p_stream, p_person, now() + p_seconds * interval '1 second');
    RETURN true;
END $$;

-- Count it out.
CREATE OR REPLACE FUNCTION tracking.close_stream(p_stream uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, tracking AS $$
BEGIN
    DELETE FROM tracking.live_streams WHERE id = p_stream;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION tracking.open_stream, tracking.close_stream TO tracking_api;
