-- The rows of the open dead letters, of each contract the last one, as JSON, the oldest first.
SELECT row::text AS row
FROM (SELECT DISTINCT ON (coalesce(contract_id, dead_letter_id::text)) dead_letter_id, row
      FROM dead_letter
      WHERE status = 'open'
        AND (:#${variable.filter.run}::bigint IS NULL OR run_id = :#${variable.filter.run}::bigint)
        AND (:#${variable.filter.reason}::text IS NULL OR reason = :#${variable.filter.reason}::text)
      ORDER BY coalesce(contract_id, dead_letter_id::text), dead_letter_id DESC) AS last
ORDER BY dead_letter_id
