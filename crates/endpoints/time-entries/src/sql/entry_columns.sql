e.id, e.started_at, e.ended_at, e.zone, e.description, e.project_id, e.task_id, e.tag_ids, e.billable, e.version,
    e.created_at, e.updated_at
