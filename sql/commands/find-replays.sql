-- The months whose open dead letters are asked for, and how many letters each has that can be replayed: a row without ids cannot.
SELECT r.usage_period, count(*) AS letters
FROM (SELECT d.*
      FROM dead_letter d
      WHERE d.status = 'open'
        AND d.stage <> 'feed'
        AND (:#${variable.filter.run}::bigint IS NULL OR d.run_id = :#${variable.filter.run}::bigint)
        AND (:#${variable.filter.reason}::text IS NULL OR d.reason = :#${variable.filter.reason}::text)
      ORDER BY d.dead_letter_id
      LIMIT :#${variable.filter.limit}::bigint) d
JOIN run r USING (run_id)
GROUP BY r.usage_period
ORDER BY r.usage_period
