-- What makes a run the run that it is: two processes never work on the same at a time.
CREATE FUNCTION run_identity(feed_sha256 text, usage_period text, series text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE AS
$function$
  SELECT concat_ws(' ', feed_sha256, usage_period, series)
$function$;
COMMENT ON FUNCTION run_identity IS 'the content, usage period and series of a run, whose hash is the key of the advisory lock of its process';
