-- What an admin decides on a dead letter. The endpoint asks for the role; `reporting` does the sending.

CREATE OR REPLACE FUNCTION reporting_app.read_letter(p_args jsonb) RETURNS reporting.dead_letters
LANGUAGE plpgsql AS $$
DECLARE
    v_letter reporting.dead_letters;
BEGIN
    SELECT * INTO v_letter FROM reporting.dead_letters l WHERE l.id = (p_args->>'id')::uuid FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM reporting_app.refuse('not-found');
    ELSIF reporting_app.letter_version(v_letter) <> p_args->>'version' THEN
        PERFORM reporting_app.refuse('stale');
    END IF;
    RETURN v_letter;
END $$;

-- {id, version} → the letter. One that waits to be sent again goes on waiting.
CREATE OR REPLACE FUNCTION reporting_app.replay_letter(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_letter reporting.dead_letters := reporting_app.read_letter(p_args);
BEGIN
    PERFORM reporting.replay_dead_letters(v_letter.id, NULL);
    SELECT * INTO v_letter FROM reporting.dead_letters l WHERE l.id = v_letter.id;
    RETURN reporting_app.letter_json(v_letter);
END $$;

-- {id, version} → the letter, which is no more
CREATE OR REPLACE FUNCTION reporting_app.drop_letter(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_letter reporting.dead_letters := reporting_app.read_letter(p_args);
BEGIN
    PERFORM reporting.drop_dead_letters(v_letter.id);
    RETURN reporting_app.letter_json(v_letter);
END $$;
