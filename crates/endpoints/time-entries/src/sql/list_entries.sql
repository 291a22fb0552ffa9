  AND deleted_at IS NULL
  -- No entry is longer than 24 hours, only a running one may have begun earlier: the index can end there.
  AND ($2::timestamp IS NULL OR (
      started_at >= LEAST(($2::timestamp AT TIME ZONE 'UTC') - interval '24 hours',
          (SELECT min(r.started_at) FROM tracking.time_entries r
           WHERE ($1::uuid IS NULL OR r.user_id = $1::uuid) AND r.ended_at IS NULL AND r.deleted_at IS NULL))
      AND (ended_at IS NULL OR ended_at > $2::timestamp AT TIME ZONE 'UTC')))
  AND ($3::timestamp IS NULL OR started_at < $3::timestamp AT TIME ZONE 'UTC')
  AND ($4::uuid IS NULL OR project_id = $4::uuid)
  AND ($5::uuid IS NULL OR project_id IN (
      SELECT c.id FROM tracking.catalogue c WHERE c.kind = 'project' AND c.parent_id = $5::uuid))
  AND ($6::uuid IS NULL OR task_id = $6::uuid)
  AND ($7::uuid IS NULL OR tag_ids @> ARRAY[$7::uuid])
  AND ($8::boolean IS NULL OR billable = $8::boolean)
  AND ($9::boolean IS NULL OR (ended_at IS NULL) = $9::boolean)
  -- A text is looked for in the description and in the names of project, client, task and tags.
  AND ($10::text IS NULL OR description ILIKE $10::text
      OR (SELECT array_agg(c.id) FROM tracking.catalogue c LEFT JOIN tracking.catalogue p ON p.id = c.parent_id
          WHERE c.name ILIKE $10::text OR (p.kind = 'client' AND p.name ILIKE $10::text))
         && (tag_ids || project_id || task_id))
