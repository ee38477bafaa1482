-- A replay is a run whose rows are dead letters of one month. What NetSuite has answered is kept where it was another API that
-- failed; where the database has refused the answer, it is asked for again.
WITH ended AS (
  UPDATE run
  SET status = 'incomplete', reason = 'its process ended', finished_at = now()
  WHERE feed_sha256 = :#${variable.feed.sha256} AND status = 'running'
), replay AS (
  INSERT INTO run (feed, feed_sha256, usage_period, status)
  VALUES (:#${variable.feed.name}, :#${variable.feed.sha256}, :#${variable.usagePeriod}, 'running')
  RETURNING run_id, usage_period
), letter AS (
  SELECT d.*
  FROM dead_letter d JOIN run r USING (run_id)
  WHERE r.usage_period = :#${variable.usagePeriod}
    AND d.status = 'open'
    AND d.stage <> 'feed'
    AND (:#${variable.filter.run}::bigint IS NULL OR d.run_id = :#${variable.filter.run}::bigint)
    AND (:#${variable.filter.reason}::text IS NULL OR d.reason = :#${variable.filter.reason}::text)
  ORDER BY d.dead_letter_id
  LIMIT :#${variable.filter.limit}::bigint
), stored AS (
  INSERT INTO feed_row (run_id, line_number, contract_id, customer_id, row, dead_letter_id, netsuite)
  SELECT replay.run_id, row_number() OVER (ORDER BY dead_letter_id), contract_id,
         -- A letter of an earlier version has its customer in the row alone.
         coalesce(customer_id, row ->> 'customer_id'), row::json, dead_letter_id, CASE WHEN stage <> 'load' THEN netsuite::json END
  FROM replay, letter
  RETURNING 1
)
SELECT replay.run_id, replay.usage_period, (SELECT count(*) FROM stored) AS rows, false AS resumed FROM replay
