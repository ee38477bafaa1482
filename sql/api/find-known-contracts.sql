-- Contracts of other customers that both APIs have answered before, a few of them by chance: they need not exist any more, they only
-- have to be answered, and one that fails like the contract in question must not be the only one that is asked for.
SELECT contract_id, customer_id
FROM (SELECT contract_id, customer_id
      FROM contract_enriched
      WHERE contract_id IS DISTINCT FROM :#${variable.contract.contractId}::text
        AND customer_id IS DISTINCT FROM :#${variable.contract.customerId}::text
      LIMIT 1000) known
ORDER BY random()
LIMIT 3
