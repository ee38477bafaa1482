-- The next contracts of the run that have no outcome yet, in the order of the feed. The body is the line to go on after.
SELECT f.line_number, f.contract_id, f.customer_id, f.netsuite::text AS netsuite
FROM feed_row f
WHERE f.run_id = :#${variable.run.id}
  AND f.line_number > :#${body}
  AND NOT f.superseded
  AND f.defect IS NULL
  AND NOT EXISTS (SELECT FROM run_contract c WHERE c.run_id = f.run_id AND c.contract_id = f.contract_id)
ORDER BY f.line_number
LIMIT 1000
