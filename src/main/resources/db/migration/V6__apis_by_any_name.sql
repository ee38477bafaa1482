-- A contract may ask more APIs than these two: routes name the stages between feed and load.
ALTER TABLE dead_letter DROP CONSTRAINT dead_letter_stage_check;
COMMENT ON COLUMN contract_enriched.source IS 'the answers, whole, by the names of the APIs';
