-- Takes up the unfinished run of the same feed, or starts one. Parameters: the feed's name, its SHA-256, the usage period.
WITH resumed AS (
  UPDATE run
  SET status = 'running', reason = NULL, finished_at = NULL
  WHERE run_id = (SELECT max(run_id)
                  FROM run
                  WHERE feed_sha256 = :#${variable.feed.sha256} AND status IN ('running', 'incomplete'))
  RETURNING run_id, usage_period, rows
), started AS (
  INSERT INTO run (feed, feed_sha256, usage_period, status)
  SELECT :#${variable.feed.name}, :#${variable.feed.sha256}, :#${variable.usagePeriod}, 'running'
  WHERE NOT EXISTS (SELECT FROM resumed)
  RETURNING run_id, usage_period, rows
)
SELECT run_id, usage_period, rows, resumed,
  (SELECT max(run_id)
   FROM run
   WHERE feed = :#${variable.feed.name} AND feed_sha256 <> :#${variable.feed.sha256}
     AND status IN ('running', 'incomplete')
     AND NOT resumed) AS left_behind
FROM (SELECT run_id, usage_period, rows, true AS resumed FROM resumed
      UNION ALL
      SELECT run_id, usage_period, rows, false FROM started) opened
