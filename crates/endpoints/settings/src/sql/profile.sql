SELECT tracking.profile_json(u) FROM tracking.users u WHERE id = $1::uuid
