-- The open dead letters, the oldest first.
SELECT d.dead_letter_id AS id, d.run_id AS run, d.line_number AS line, d.contract_id AS contract, d.customer_id AS customer, d.stage,
       d.attempts, to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI"Z"') AS created, d.reason, d.error,
       jsonb_build_object('dead_letter_id', d.dead_letter_id, 'run_id', d.run_id, 'contract_id', d.contract_id,
                          'line_number', d.line_number, 'stage', d.stage, 'reason', d.reason, 'error', d.error,
                          'attempts', d.attempts, 'row', d.row, 'original_row', d.original_row,
                          'edited_by', d.edited_by, 'edited_at', d.edited_at, 'netsuite', d.netsuite, 'created_at', d.created_at)::text AS json
FROM dead_letter d
WHERE d.status = 'open'
  AND (:#${variable.filter.run}::bigint IS NULL OR d.run_id = :#${variable.filter.run}::bigint)
  AND (:#${variable.filter.reason}::text IS NULL OR d.reason = :#${variable.filter.reason}::text)
ORDER BY d.dead_letter_id
