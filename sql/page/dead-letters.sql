-- The open dead letters of a reason after the one that was seen last, a hundred at most, as JSON.
SELECT coalesce(jsonb_agg(d ORDER BY dead_letter_id), '[]')::text
FROM (SELECT dead_letter_id, run_id, contract_id, customer_id, line_number, stage,
             error || coalesce(format('; edited by %s since', edited_by), '') AS error, attempts, created_at,
             -- A row can be as long as the feed likes.
             left(row::text, 2000) AS row
      FROM dead_letter
      WHERE status = 'open'
        AND reason = :#${variable.query.reason}::text
        AND dead_letter_id > :#${variable.query.after}::bigint
      ORDER BY dead_letter_id
      LIMIT 100) d
