-- Resumes the unfinished run of the same series, content and usage period, or starts one. Parameters: the feed's name, its SHA-256, the
-- usage period. This process holds the lock of what they make (sql/run/run-identity.sql), so no other works on that.
-- A new run supersedes unfinished ones of the same content for another period, unless another process is at them, and of the same
-- name with another content.
WITH resumed AS (
  UPDATE run
  SET status = 'running', reason = NULL, finished_at = NULL, superseded_by = NULL
  WHERE run_id = (SELECT max(run_id)
                  FROM run
                  WHERE feed_sha256 = :#${variable.feed.sha256} AND status IN ('running', 'incomplete')
                    AND series = feed_series(:#${variable.feed.name}::text)
                    AND usage_period = :#${variable.usagePeriod})
  RETURNING run_id, usage_period, rows
), started AS (
  INSERT INTO run (feed, feed_sha256, usage_period, status)
  SELECT :#${variable.feed.name}, :#${variable.feed.sha256}, :#${variable.usagePeriod}, 'running'
  WHERE NOT EXISTS (SELECT FROM resumed)
  RETURNING run_id, usage_period, rows, feed, feed_sha256, series
), of_other_period AS MATERIALIZED (
  SELECT run.run_id,
    -- Free until the end of this statement, where its process has ended.
    pg_try_advisory_xact_lock(hashtextextended(run_identity(run.feed_sha256, run.usage_period, run.series), 0)) AS ended
  FROM run JOIN started USING (feed_sha256, series)
  WHERE run.run_id <> started.run_id AND run.status IN ('running', 'incomplete') AND run.superseded_by IS NULL
), superseded AS (
  UPDATE run
  SET superseded_by = started.run_id,
      -- Another content may be in work elsewhere.
      status = CASE WHEN run.feed_sha256 = started.feed_sha256 THEN 'incomplete' ELSE run.status END,
      reason = CASE WHEN run.feed_sha256 = started.feed_sha256 THEN coalesce(run.reason, 'its process ended') ELSE run.reason END,
      finished_at = CASE WHEN run.feed_sha256 = started.feed_sha256 THEN coalesce(run.finished_at, now()) ELSE run.finished_at END
  FROM started
  WHERE run.status IN ('running', 'incomplete') AND run.superseded_by IS NULL
    AND (run.run_id IN (SELECT run_id FROM of_other_period WHERE ended)
      OR run.feed_sha256 <> started.feed_sha256 AND run.feed = started.feed)
  RETURNING run.run_id, run.usage_period, run.feed_sha256 = started.feed_sha256 AS same_content
)
SELECT run_id, usage_period, rows, resumed,
  (SELECT string_agg(run_id::text, ', ' ORDER BY run_id) FROM superseded WHERE NOT same_content) AS of_other_content,
  (SELECT string_agg(format('run %s with the usage of %s', run_id, usage_period), ', ' ORDER BY run_id)
   FROM superseded WHERE same_content) AS of_other_period
FROM (SELECT run_id, usage_period, rows, true AS resumed FROM resumed
      UNION ALL
      SELECT run_id, usage_period, rows, false FROM started) opened
