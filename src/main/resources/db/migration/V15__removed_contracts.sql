-- Contracts that a full feed no longer lists stay in the table, and say since when.
ALTER TABLE contract_enriched ADD COLUMN removed_at timestamptz, ADD COLUMN removed_by bigint;
COMMENT ON COLUMN contract_enriched.removed_at IS 'when a complete run of a full feed first did not list the contract any more; null while it is listed';
COMMENT ON COLUMN contract_enriched.removed_by IS 'the run that has found that';

-- A later migration that adds a column to the table ends with this statement as well, so that the view has it.
CREATE VIEW contract_current AS SELECT * FROM contract_enriched WHERE removed_at IS NULL;
COMMENT ON VIEW contract_current IS 'the contracts that the feeds list';

-- Which contracts the full feeds of a series list.
CREATE TABLE listed_contract (
  series        text NOT NULL,
  contract_id   text NOT NULL,
  missing_since bigint,
  PRIMARY KEY (series, contract_id)
);
COMMENT ON COLUMN listed_contract.missing_since IS 'the first run of the series that did not list it any more; null while it is listed';
CREATE INDEX listed_contract_of_id ON listed_contract (contract_id);

ALTER TABLE run ADD COLUMN missing bigint, ADD COLUMN removed bigint, ADD COLUMN not_removed_because text;
COMMENT ON COLUMN run.missing IS 'contracts in the table that earlier feeds of the series list, that this one does not, and that are not marked; null where the run does not tell';
COMMENT ON COLUMN run.removed IS 'contracts that were marked as removed since the feed does not list them';
COMMENT ON COLUMN run.not_removed_because IS 'why the missing contracts were not marked as removed';
