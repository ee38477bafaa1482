-- Which run a start is for: the usage period, and what other processes may not work on at the same time, which is the run's content,
-- usage period and series. Where no period is set, an unfinished run of the same night goes on with the month it began with.
WITH start AS (
  SELECT :#${variable.feed.sha256}::text AS feed_sha256, feed_series(:#${variable.feed.name}::text) AS series,
    :#${variable.usagePeriod}::text AS usage_period
), goes_on AS (
  SELECT run.usage_period
  FROM run JOIN start USING (feed_sha256, series)
  WHERE run.status IN ('running', 'incomplete')
    AND (run.usage_period = start.usage_period
      OR run.started_at >= :#${bean:runs.sameNight}::timestamptz
         AND run.usage_period = to_char(run.started_at AT TIME ZONE 'UTC' - interval '1 month', 'YYYY-MM'))
  ORDER BY run_id DESC
  LIMIT 1
), chosen AS (
  SELECT feed_sha256, coalesce((SELECT usage_period FROM goes_on), usage_period) AS usage_period, series
  FROM start
)
SELECT usage_period, run_identity(feed_sha256, usage_period, series) AS identity
FROM chosen
