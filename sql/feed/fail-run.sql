-- The feed cannot be read: nothing was called, nothing was loaded.
UPDATE run
SET status = 'failed', reason = :#${exception.message}, finished_at = now(),
    seconds = seconds + :#${variable.run.seconds}::numeric
WHERE run_id = :#${variable.run.id}
