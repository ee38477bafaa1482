-- The feed has changed while it was read: nothing was called, and what lies there is read by the next start.
UPDATE run
SET status = 'incomplete', reason = :#${exception.message}, finished_at = now(),
    seconds = seconds + :#${variable.run.seconds}::numeric
WHERE run_id = :#${variable.run.id}
