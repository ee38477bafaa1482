-- Dead letters as a work list, the open ones.
SELECT
  format('%-6s run %-5s line %-7s %-24s %-9s %-28s %s', d.dead_letter_id, d.run_id, d.line_number, coalesce(d.contract_id, '-'),
         d.stage, d.reason, d.error) AS line,
  jsonb_build_object('dead_letter_id', d.dead_letter_id, 'run_id', d.run_id, 'contract_id', d.contract_id,
                     'line_number', d.line_number, 'stage', d.stage, 'reason', d.reason, 'error', d.error,
                     'attempts', d.attempts, 'row', d.row, 'netsuite', d.netsuite, 'created_at', d.created_at)::text AS json
FROM dead_letter d
WHERE d.status = 'open'
  AND (:#${variable.letters.run}::bigint IS NULL OR d.run_id = :#${variable.letters.run}::bigint)
  AND (:#${variable.letters.reason}::text IS NULL OR d.reason = :#${variable.letters.reason}::text)
ORDER BY d.dead_letter_id
