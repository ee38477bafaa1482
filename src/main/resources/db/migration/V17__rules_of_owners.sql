-- What the owner of the warehouse wants to know of a contract that is loaded all the same; triggers of the owner fill it.
CREATE TABLE contract_warning (
  run_id      bigint NOT NULL,
  contract_id text NOT NULL,
  rule        text NOT NULL,
  PRIMARY KEY (run_id, contract_id, rule)
);
COMMENT ON COLUMN contract_warning.rule IS 'in a sentence; the report counts the contracts of a run by it';

-- What is wrong in the tables that the owner has made; check and the start say each. A migration of the owner may say something here:
-- CREATE OR REPLACE VIEW warehouse_fault AS SELECT ...
CREATE VIEW warehouse_fault AS SELECT NULL::text AS fault WHERE false;
COMMENT ON VIEW warehouse_fault IS 'faults of the tables that the owner has made, a sentence each; see docs/editing-routes.md';
