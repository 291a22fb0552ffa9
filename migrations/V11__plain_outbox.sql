-- A row of the outbox has been the message itself since V8. What still tied it to the log cost each write an index, a look-up and a
-- lock on the event that it had just written.
ALTER TABLE tracking.outbox DROP CONSTRAINT outbox_event_id_fkey, DROP CONSTRAINT outbox_event_id_key;
