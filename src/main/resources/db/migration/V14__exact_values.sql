-- A field of an answer as a value of a column. A cast alone takes more than APIs mean: "today", "infinity", "NaN", and 01/02/2026 by the
-- settings of the session.
CREATE FUNCTION iso_date(field text) RETURNS date
  LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS
$function$
BEGIN
  IF btrim(field) = '' THEN
    RETURN NULL;
  END IF;
  IF field !~ '^\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?)?\s*$' THEN
    RAISE EXCEPTION 'not a date like 2026-12-31: "%"', left(field, 100) USING ERRCODE = 'invalid_datetime_format';
  END IF;
  RETURN left(btrim(field, E' \t\r\n'), 10)::date;
END
$function$;
COMMENT ON FUNCTION iso_date IS 'a text that begins with a date in ISO 8601, such as 2026-12-31 or 2026-12-31T08:00Z, as that date; an empty one as null; any other is an error';

CREATE FUNCTION finite_number(field text) RETURNS numeric
  LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS
$function$
BEGIN
  IF btrim(field) = '' THEN
    RETURN NULL;
  END IF;
  IF field !~ '^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$' THEN
    RAISE EXCEPTION 'not a decimal number like 12000.50: "%"', left(field, 100) USING ERRCODE = 'invalid_text_representation';
  END IF;
  RETURN field::numeric;
END
$function$;
COMMENT ON FUNCTION finite_number IS 'a text that is a decimal number, as it is written; an empty one as null; any other is an error';
