-- Somebody has decided that these letters need no more work, and says why.
WITH discarded AS (
  UPDATE dead_letter
  SET status = 'discarded', resolved_at = now(), because = :#${variable.letters.because}
  WHERE status = 'open'
    AND (:#${variable.letters.run}::bigint IS NULL OR run_id = :#${variable.letters.run}::bigint)
    AND (:#${variable.letters.ids}::text IS NULL
         OR dead_letter_id = ANY (string_to_array(:#${variable.letters.ids}::text, ',')::bigint[]))
  RETURNING 1
)
SELECT count(*) FROM discarded
