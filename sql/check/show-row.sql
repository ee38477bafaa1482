-- The row of a contract, a column each, in the table's order and on one line, without what only a program reads.
SELECT CASE WHEN c.later_period IS NULL THEN c.outcome ELSE 'outdated' END AS outcome, e.key AS name, regexp_replace(e.value, '[[:cntrl:]]+', ' ', 'g') AS value
FROM run_contract c, contract_enriched, json_each_text(row_to_json(contract_enriched)) WITH ORDINALITY AS e (key, value, position)
WHERE c.run_id = :#${variable.run.id}
  AND c.contract_id = :#${variable.contract.contractId}
  AND contract_enriched.contract_id = c.contract_id
  AND e.key NOT IN ('source', 'run_id', 'enriched_at', 'removed_at', 'removed_by')
ORDER BY position
