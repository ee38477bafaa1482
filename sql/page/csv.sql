-- The open dead letters, of one reason where it is given, the oldest first, for a spreadsheet; one more than it gets shows that there
-- are more.
SELECT dead_letter_id AS id, run_id AS run, line_number AS line, contract_id AS contract, customer_id AS customer, stage, attempts,
       to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS created, reason, error, left(row::text, 2000) AS row
FROM dead_letter
WHERE status = 'open'
  AND (:#${variable.query.reason}::text IS NULL OR reason = :#${variable.query.reason}::text)
ORDER BY dead_letter_id
LIMIT 50001
