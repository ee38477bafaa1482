-- Forgets what an earlier start had read of the feed when it was stopped.
DELETE FROM feed_row WHERE run_id = :#${variable.run.id}
