-- The contracts that a night brings into the warehouse, as NetSuite lists them. It is SuiteQL: NetSuite answers it, not the
-- warehouse. Whatever is selected besides contract_id and customer_id is carried along in the feed's row.
-- It is asked a page at a time: contract_id must be the record's id, and both lines at the end must stay. :after stands for the
-- id that the page before has ended with. Lines that begin with -- are not sent.
SELECT
  contract.id AS contract_id,
  contract.custrecord_contracts_bill_to_customer AS customer_id,
  BUILTIN.DF(contract.custrecord_contracts_bill_to_customer) AS customer_name
FROM {{netsuite.record-type}} contract
WHERE contract.isinactive = 'F'
  -- Active; the numbers of your own list of statuses may differ.
  AND contract.custrecord_contract_status = 2
  AND contract.id > :after
ORDER BY contract.id
