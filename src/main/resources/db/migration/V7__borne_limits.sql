-- What an API bore of a run's calls, over every start of the run, where it refused some of them.
ALTER TABLE run_api
  ADD COLUMN refused                   bigint NOT NULL DEFAULT 0,
  ADD COLUMN concurrency               integer,
  ADD COLUMN concurrency_borne         integer,
  ADD COLUMN requests_per_second       numeric,
  ADD COLUMN requests_per_second_borne numeric;
COMMENT ON COLUMN run_api.refused IS 'calls that were refused for being one too many; they are among the calls';
COMMENT ON COLUMN run_api.concurrency IS 'the setting at the last start that asked this API';
COMMENT ON COLUMN run_api.concurrency_borne IS 'calls at once that the API bore, by the last start in which it refused more; null for none';
COMMENT ON COLUMN run_api.requests_per_second IS 'the setting at the last start that asked this API';
COMMENT ON COLUMN run_api.requests_per_second_borne IS 'calls a second that the API bore, by the last start in which it refused more; null for none';

-- What to change in the settings, a line for each.
CREATE VIEW run_advice AS
SELECT run_id, api,
       format('%1$s bore %2$s %3$s, %1$s.%4$s is %5$s: set %1$s.%4$s=%2$s', api, borne, unit, setting, allowed) AS advice
FROM run_api, LATERAL (VALUES
       (concurrency_borne::numeric, CASE concurrency_borne WHEN 1 THEN 'call' ELSE 'calls' END || ' at once', 'concurrency', concurrency::numeric),
       (requests_per_second_borne, CASE requests_per_second_borne WHEN 1 THEN 'call' ELSE 'calls' END || ' a second', 'requests-per-second',
        requests_per_second)) AS limits (limit_borne, unit, setting, limit_allowed),
     LATERAL (VALUES (trim_scale(limit_borne), trim_scale(limit_allowed))) AS numbers (borne, allowed)
WHERE borne < allowed;
