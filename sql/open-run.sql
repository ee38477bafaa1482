-- Resumes the unfinished run of the same series, content and usage period, or starts one. Parameters: the feed's name, its SHA-256, the
-- usage period; and, where no period is set, since when a run is of the same night, so that it goes on with the month it began with.
-- A new run supersedes unfinished ones of the same content for another period, and of the same name with another content.
WITH resumed AS (
  UPDATE run
  SET status = 'running', reason = NULL, finished_at = NULL, superseded_by = NULL
  WHERE run_id = (SELECT max(run_id)
                  FROM run
                  WHERE feed_sha256 = :#${variable.feed.sha256} AND status IN ('running', 'incomplete')
                    AND series = feed_series(:#${variable.feed.name}::text)
                    AND (usage_period = :#${variable.usagePeriod}
                      OR started_at >= :#${bean:runs.sameNight}::timestamptz
                         AND usage_period = to_char(started_at AT TIME ZONE 'UTC' - interval '1 month', 'YYYY-MM')))
  RETURNING run_id, usage_period, rows
), started AS (
  INSERT INTO run (feed, feed_sha256, usage_period, status)
  SELECT :#${variable.feed.name}, :#${variable.feed.sha256}, :#${variable.usagePeriod}, 'running'
  WHERE NOT EXISTS (SELECT FROM resumed)
  RETURNING run_id, usage_period, rows, feed, feed_sha256, series
), superseded AS (
  UPDATE run
  SET superseded_by = started.run_id,
      -- This process holds the lock of its content, so no other works on that. Another content may be in work elsewhere.
      status = CASE WHEN run.feed_sha256 = started.feed_sha256 THEN 'incomplete' ELSE run.status END,
      reason = CASE WHEN run.feed_sha256 = started.feed_sha256 THEN coalesce(run.reason, 'its process ended') ELSE run.reason END,
      finished_at = CASE WHEN run.feed_sha256 = started.feed_sha256 THEN coalesce(run.finished_at, now()) ELSE run.finished_at END
  FROM started
  WHERE run.status IN ('running', 'incomplete') AND run.superseded_by IS NULL
    AND (run.feed_sha256 = started.feed_sha256 AND run.series = started.series
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
