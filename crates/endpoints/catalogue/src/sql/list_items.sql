SELECT tracking.item_json(c)
FROM tracking.catalogue c
WHERE kind = $1::text AND deleted_at IS NULL
  AND ($2::boolean IS NULL OR (archived_at IS NOT NULL) = $2::boolean)
  AND ($3::text IS NULL OR name ILIKE $3::text)
  AND ($4::uuid IS NULL OR parent_id = $4::uuid)
  AND ($5::text IS NULL OR (lower(name), id) > (lower($5::text), $6::uuid))
ORDER BY lower(name), id
LIMIT $7::bigint
