-- A contract that the warehouse has, as a batch that load-batch.sql takes, with something new in it so that its row is written. No
-- row where there is none but those in question, which are a JSON array of ids.
SELECT jsonb_build_array(
         jsonb_build_object('line_number', 0, 'contract_id', contract_id, 'customer_id', customer_id)
         || jsonb_set(source, '{netsuite,probe}', 'true'))::text
FROM (SELECT contract_id, customer_id, source
      FROM contract_enriched
      WHERE usage_period <= :#${variable.run.usagePeriod}::text
        AND contract_id NOT IN (SELECT jsonb_array_elements_text(:#${variable.run.refusedRows.contracts}::jsonb))
      LIMIT 1000) known
ORDER BY random()
LIMIT 1
