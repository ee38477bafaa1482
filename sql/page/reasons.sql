-- The reasons for which dead letters are open, with their numbers, as JSON. A row that was malformed cannot be replayed.
SELECT coalesce(jsonb_agg(r ORDER BY letters DESC, reason), '[]')::text
FROM (SELECT reason, sum(letters) AS letters, coalesce(sum(letters) FILTER (WHERE stage <> 'feed'), 0) AS replayable,
             jsonb_object_agg(stage, letters) AS stages
      FROM (SELECT reason, stage, count(*) AS letters
            FROM dead_letter
            WHERE status = 'open'
            GROUP BY reason, stage) s
      GROUP BY reason
      ORDER BY letters DESC, reason
      LIMIT 100) r
