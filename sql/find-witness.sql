-- A contract of another customer that both APIs have answered before; it need not exist any more, it only has to be answered.
SELECT contract_id, customer_id
FROM contract_enriched
WHERE contract_id <> :#${variable.contract.contractId} AND customer_id <> :#${variable.contract.customerId}
LIMIT 1
