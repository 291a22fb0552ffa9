SELECT tracking.lock_json(l) FROM tracking.period_lock l
