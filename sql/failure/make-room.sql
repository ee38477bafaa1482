-- Takes the id from the row of a known contract, so that the same contract can be written as a new row. The transaction is rolled
-- back, and a role that loads needs no further privilege for it.
UPDATE contract_enriched
SET contract_id = contract_id || '~'
WHERE contract_id = :#${body}::jsonb -> 0 ->> 'contract_id'
