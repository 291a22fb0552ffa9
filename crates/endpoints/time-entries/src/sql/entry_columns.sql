e.id, e.started_at AT TIME ZONE 'UTC' AS started_at, e.ended_at AT TIME ZONE 'UTC' AS ended_at, e.zone,
    e.description, e.project_id, e.task_id, CASE WHEN e.tag_ids <> '{}' THEN to_jsonb(e.tag_ids) END AS tag_ids,
    e.billable, e.version, e.created_at AT TIME ZONE 'UTC' AS created_at, e.updated_at AT TIME ZONE 'UTC' AS updated_at
