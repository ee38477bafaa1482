-- The record of one of the sandbox's contracts; no row where there is none. The body is the id.
SELECT json_build_object(
  'links', json_build_array(json_build_object('rel', 'self', 'href', concat_ws('/', address, record_type, id))),
  'id', id,
  'name', 'CON-' || id,
  'custrecord_contracts_bill_to_customer',
    json_build_object('links', '[]'::json, 'id', customer, 'refName', 'Customer ' || customer),
  'custrecord_contract_status', json_build_object('id', '2', 'refName', 'Active'),
  'custrecord_contracts_start_date', '2026-01-01',
  'custrecord_contracts_end_date', '2026-12-31',
  'custrecord_swe_contract_value_olr', (id || '.50')::numeric,
  'currency', json_build_object('id', '1', 'refName', 'USD'),
  'lastModified', '2026-10-30T08:34:00Z')::text AS record
FROM (SELECT id, address, record_type, (7000 + (id::int - 10000) % 4000)::text AS customer
      FROM (SELECT :#${body}::text AS id, :#${variable.address}::text AS address,
              :#${variable.recordType}::text AS record_type) asked
      WHERE id ~ '^1[0-9]{4}$' AND id NOT LIKE '%404') contract
