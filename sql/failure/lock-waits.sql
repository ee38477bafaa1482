-- What a statement of this process waits for, where it waits for the lock of another session; the longest wait. It is asked by a
-- connection of the views, whose name says so after the process's own. Users and states of others may not be visible to our role.
SELECT
  floor(extract(epoch FROM clock_timestamp() - waiting.query_start))::bigint AS seconds,
  coalesce(
    (SELECT string_agg(DISTINCT l.relation::regclass::text, ', ')
     FROM pg_locks l
     WHERE l.pid = waiting.pid AND l.relation IS NOT NULL AND (NOT l.granted OR l.locktype = 'tuple')),
    'a transaction') AS waits_for,
  coalesce(
    (SELECT string_agg(
       format('pid %s (%s)', other.pid, concat_ws(', ', other.usename, nullif(other.application_name, ''),
         other.state || ' since ' || to_char(other.state_change AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))), ' and '
       ORDER BY other.pid)
     FROM pg_stat_activity other
     WHERE other.pid = ANY (pg_blocking_pids(waiting.pid))),
    'a prepared transaction') AS held_by
FROM pg_stat_activity waiting
WHERE waiting.datname = current_database()
  AND waiting.application_name || ', views' = current_setting('application_name')
  AND waiting.wait_event_type = 'Lock'
  AND waiting.query_start < clock_timestamp() - interval '1 second'
ORDER BY waiting.query_start
LIMIT 1
