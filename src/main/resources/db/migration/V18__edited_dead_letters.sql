-- A row that a person has corrected, for its replay; what came with the feed stays beside it.
ALTER TABLE dead_letter
  ADD COLUMN original_row jsonb,
  ADD COLUMN edited_by text,
  ADD COLUMN edited_at timestamptz;
COMMENT ON COLUMN dead_letter.original_row IS 'the row as the feed had it; null where it was not edited';
