SELECT * FROM tracking.change_entry($1::uuid, $2::text, $3::text, $4::text, $5::uuid, $6::bigint, $7::timestamp, $8::timestamp, $9::text, $10::text, $11::text, $12::jsonb)
