-- Nobody writes these tables but the functions, which have the person's row locked; and the bridge reads the outbox in the order of its
-- numbers, whatever is due. Both cost each write something for nothing.
ALTER TABLE tracking.events DROP CONSTRAINT events_user_id_fkey;
DROP INDEX tracking.outbox_due;
