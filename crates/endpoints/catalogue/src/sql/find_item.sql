SELECT tracking.item_json(c)
FROM tracking.catalogue c
WHERE kind = $1::text AND id = $2::uuid AND deleted_at IS NULL
