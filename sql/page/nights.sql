-- The last thirty nights in which feeds were run, as JSON: rows, dead letters, and seconds of work. A night begins and ends at noon, so
-- that one that goes past midnight is one night.
SELECT coalesce(jsonb_agg(n ORDER BY night), '[]')::text
FROM (SELECT (started_at AT TIME ZONE :#${properties:schedule.time-zone}::text - interval '12 hours')::date AS night, count(*) AS runs,
             sum(rows) AS rows, sum(dead) AS dead, round(sum(seconds), 1) AS seconds
      FROM run
      WHERE feed_sha256 <> 'dead letters'
      GROUP BY 1
      ORDER BY 1 DESC
      LIMIT 30) n
