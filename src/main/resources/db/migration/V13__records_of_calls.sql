-- How many records the calls of a run asked for, since one call may ask for many. Null in the runs before.
ALTER TABLE run_api ADD COLUMN records bigint;
COMMENT ON COLUMN run_api.records IS 'contracts or customers that the calls asked for; one that was asked for again counts again';
