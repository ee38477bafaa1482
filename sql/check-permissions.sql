-- What the statements of the routes need to be allowed, a row for each table, with what is wrong about it in words. It is wrong in
-- either case, or only where migrations are still to be applied (migrating), or only where none are (migrated).
WITH needed (name, privileges) AS (
  VALUES
    ('contract_enriched',     '{SELECT, INSERT, UPDATE}'::text[]),
    ('run',                   '{SELECT, INSERT, UPDATE}'),
    ('run_api',               '{SELECT, INSERT, UPDATE}'),
    ('feed_row',              '{SELECT, INSERT, UPDATE, DELETE}'),
    ('run_contract',          '{SELECT, INSERT, DELETE}'),
    ('run_sample',            '{SELECT, INSERT, DELETE}'),
    ('run_pace',              '{SELECT}'),
    ('run_advice',            '{SELECT}'),
    ('dead_letter',           '{SELECT, INSERT, UPDATE}'),
    ('fetched_feed',          '{SELECT, INSERT}'),
    ('flyway_schema_history', '{SELECT}')
), held AS (
  SELECT name, privilege, to_regclass(name) IS NOT NULL AS there, has_table_privilege(to_regclass(name), privilege) AS granted
  FROM needed, unnest(privileges) AS privilege
)
SELECT name, count(*) AS privileges,
  CASE
    WHEN NOT bool_and(there)
      THEN format('the table %s is not there, though the migrations were applied: bring it back from a backup', name)
    WHEN NOT bool_and(granted)
      THEN format('%s may not %s in the table %s: GRANT %2$s ON %3$I TO %1$I', current_user,
                  string_agg(privilege, ', ' ORDER BY privilege) FILTER (WHERE NOT granted), name)
  END AS problem,
  CASE WHEN bool_and(there) THEN 'either' ELSE 'migrated' END AS in_case
FROM held
GROUP BY name
UNION ALL
SELECT 'schema', 1,
  CASE WHEN NOT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
    THEN format('%s may not make tables: GRANT CREATE ON SCHEMA %s TO %1$I', current_user, coalesce(quote_ident(current_schema()), 'public'))
  END,
  'migrating'
UNION ALL
SELECT 'database', 1,
  CASE WHEN current_setting('transaction_read_only')::boolean
    THEN 'the database is read-only, as a standby is: name the one that can be written to in warehouse.jdbc-url'
  END,
  'either'
