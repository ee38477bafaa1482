-- Closes open dead letters by hand, and keeps why: those of a run, of a reason, or of these ids; where there is a limit, the oldest.
WITH chosen AS (
  SELECT dead_letter_id
  FROM dead_letter
  WHERE status = 'open'
    AND (:#${variable.filter.run}::bigint IS NULL OR run_id = :#${variable.filter.run}::bigint)
    AND (:#${variable.filter.reason}::text IS NULL OR reason = :#${variable.filter.reason}::text)
    AND (:#${variable.filter.ids}::text IS NULL
         OR dead_letter_id = ANY (string_to_array(:#${variable.filter.ids}::text, ',')::bigint[]))
  ORDER BY dead_letter_id
  LIMIT :#${variable.filter.limit}::bigint
), discarded AS (
  UPDATE dead_letter
  SET status = 'discarded', resolved_at = now(), because = :#${variable.filter.because}
  WHERE dead_letter_id IN (SELECT dead_letter_id FROM chosen) AND status = 'open'
  RETURNING 1
)
SELECT count(*) FROM discarded
