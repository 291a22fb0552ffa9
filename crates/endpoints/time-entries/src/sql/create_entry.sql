SELECT * FROM tracking.create_entry($1::uuid, $2::text, $3::text, $4::text, $5::uuid, $6::timestamp, $7::timestamp, $8::text, $9::text, $10::text, $11::jsonb)
