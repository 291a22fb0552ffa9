e.id, e.user_id, e.started_at AT TIME ZONE 'UTC' AS started_at, e.ended_at AT TIME ZONE 'UTC' AS ended_at, e.zone,
    e.description, e.project_id, e.task_id, to_jsonb(e.tag_ids) AS tag_ids, e.billable, e.version,
    e.created_at AT TIME ZONE 'UTC' AS created_at, e.updated_at AT TIME ZONE 'UTC' AS updated_at
