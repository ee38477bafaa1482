-- Corrects the row of an open dead letter, and keeps what came with the feed. Parameters: its id, the fields as a JSON object of texts, and who
-- does it. Answers the fault that keeps it from being done, or what the fields were. No row where there is no such dead letter.
WITH letter AS (
  SELECT * FROM dead_letter WHERE dead_letter_id = :#${body[id]}::bigint FOR UPDATE
), change AS (
  SELECT key, value FROM jsonb_each_text(:#${body[fields]}::jsonb)
), checked AS (
  SELECT letter.*, CASE
    WHEN status <> 'open' THEN format('dead letter %s is %s, and only open ones are replayed', dead_letter_id, status)
    WHEN stage = 'feed' OR jsonb_typeof(row) <> 'object'
      THEN format('dead letter %s is a row that could not be read, which no replay takes: correct it in what `dead-letters export` prints, and run that',
                  dead_letter_id)
    WHEN EXISTS (SELECT FROM change WHERE key = 'contract_id')
      THEN 'contract_id is what the run accounts for: discard the dead letter, and run a feed with the right contract'
    WHEN EXISTS (SELECT FROM change WHERE NOT jsonb_exists(row, key))
      THEN format('the row has no field %s; it has %s',
                  (SELECT string_agg(key, ', ' ORDER BY key) FROM change WHERE NOT jsonb_exists(row, key)),
                  (SELECT string_agg(name, ', ' ORDER BY name) FROM jsonb_object_keys(row) AS name))
    WHEN EXISTS (SELECT FROM change WHERE key = 'customer_id' AND (btrim(value) = '' OR value ~ '[[:cntrl:]]'))
      THEN 'customer_id must be an id: it is empty, or has a line break'
    END AS fault
  FROM letter
), edited AS (
  UPDATE dead_letter d
  SET original_row = coalesce(d.original_row, d.row),
      row = d.row || (SELECT jsonb_object_agg(key, value) FROM change),
      customer_id = coalesce((SELECT btrim(value) FROM change WHERE key = 'customer_id'), d.customer_id),
      edited_by = :#${body[by]}::text,
      edited_at = now()
  FROM checked
  WHERE d.dead_letter_id = checked.dead_letter_id AND checked.fault IS NULL
)
SELECT fault, (SELECT string_agg(format('%s: %s is now %s', key, row ->> key, value), E'\n' ORDER BY key) FROM change) AS changes FROM checked
