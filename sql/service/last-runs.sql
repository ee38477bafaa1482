-- What monitoring wants to know of the runs that are over: when a run was last complete (seconds since 1970, 0 for never), how
-- many feeds of the last seven days have a last run of each status, and how many dead letters of each stage are open. A replay is
-- not the run of a feed, and a run for a month that the table is past is no success. A run that no process has locked was
-- killed, and counts as incomplete.
WITH locked AS (
  SELECT classid::bigint << 32 | objid::bigint AS key
  FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), last_run AS (
  SELECT DISTINCT ON (series)
    CASE WHEN status = 'running' AND hashtextextended(run_identity(feed_sha256, usage_period, series), 0) NOT IN (SELECT key FROM locked)
         THEN 'incomplete' ELSE status END AS status
  FROM run
  WHERE started_at > now() - interval '7 days' AND feed_sha256 <> 'dead letters'
  ORDER BY series, run_id DESC
), feeds AS (
  SELECT
    count(*) FILTER (WHERE status = 'running')    AS running,
    count(*) FILTER (WHERE status = 'complete')   AS complete,
    count(*) FILTER (WHERE status = 'incomplete') AS incomplete,
    count(*) FILTER (WHERE status = 'failed')     AS failed
  FROM last_run
), letters AS (
  SELECT
    count(*) FILTER (WHERE stage = 'feed')     AS dead_at_feed,
    count(*) FILTER (WHERE stage = 'netsuite') AS dead_at_netsuite,
    count(*) FILTER (WHERE stage = 'usage')    AS dead_at_usage,
    count(*) FILTER (WHERE stage = 'load')     AS dead_at_load
  FROM dead_letter
  WHERE status = 'open'
)
SELECT
  coalesce((SELECT extract(epoch FROM max(finished_at))
            FROM run
            WHERE status = 'complete' AND feed_sha256 <> 'dead letters' AND coalesce(outdated, 0) = 0), 0) AS last_success,
  feeds.*, letters.*
FROM feeds, letters
