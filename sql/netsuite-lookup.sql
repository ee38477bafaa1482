-- The fields of contracts that sql/load-batch.sql reads, asked for many contracts in one call. It is SuiteQL: NetSuite answers it,
-- not the warehouse. :ids stands for the ids of up to netsuite.contracts-per-call contracts, whole numbers with commas between
-- them. Lines that begin with -- are not sent.
-- A column has the name that the field has in NetSuite's own record, so that the mapping is the same in either way of asking. A
-- reference gives an id; its text is BUILTIN.DF of it, under the name of the field and _refname: the mapping finds it as the
-- field's refName. Dates are formatted, since they come in the format of the user otherwise.
SELECT
  contract.id AS id,
  contract.name AS name,
  BUILTIN.DF(contract.custrecord_contract_status) AS custrecord_contract_status_refname,
  TO_CHAR(contract.custrecord_contracts_start_date, 'YYYY-MM-DD') AS custrecord_contracts_start_date,
  TO_CHAR(contract.custrecord_contracts_end_date, 'YYYY-MM-DD') AS custrecord_contracts_end_date,
  contract.custrecord_swe_contract_value_olr AS custrecord_swe_contract_value_olr,
  BUILTIN.DF(contract.currency) AS currency_refname
FROM {{netsuite.record-type}} contract
WHERE contract.id IN (:ids)
ORDER BY contract.id
