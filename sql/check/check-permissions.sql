-- What the statements of the routes need to be allowed, a row for each table, with what is wrong about it in words. It is wrong in
-- either case, or only where migrations are still to be applied (migrating), or only where none are (migrated). A table of that name in
-- another schema is not meant. The sequences of the ids belong to identity columns and need no privilege.
WITH needed (name, privileges) AS (
  VALUES
    ('contract_enriched',           '{SELECT, INSERT, UPDATE}'::text[]),
    ('run',                         '{SELECT, INSERT, UPDATE}'),
    ('run_api',                     '{SELECT, INSERT, UPDATE}'),
    ('feed_row',                    '{SELECT, INSERT, UPDATE, DELETE}'),
    ('run_contract',                '{SELECT, INSERT, DELETE}'),
    ('run_sample',                  '{SELECT, INSERT, DELETE}'),
    ('run_pace',                    '{SELECT}'),
    ('run_advice',                  '{SELECT}'),
    ('dead_letter',                 '{SELECT, INSERT, UPDATE}'),
    ('fetched_feed',                '{SELECT, INSERT}'),
    ('listed_contract',             '{SELECT, INSERT, UPDATE}'),
    ('run_field',                   '{SELECT, INSERT}'),
    ('run_drift',                   '{SELECT}'),
    ('contract_warning',            '{SELECT, INSERT}'),
    ('warehouse_fault',             '{SELECT}'),
    ('contractflow_schema_history', '{SELECT}')
), found AS (
  SELECT needed.*, format('%I.%I', current_schema(), name) AS qualified, c.oid, c.relowner,
    CASE
      WHEN c.relkind = 'f' THEN 'a foreign table'
      WHEN c.relkind = 'm' THEN 'a materialized view'
      -- Of these, PostgreSQL writes to those that are simple enough: 8 is INSERT, 4 is UPDATE.
      WHEN c.relkind = 'v' AND privileges && '{INSERT}' AND pg_relation_is_updatable(c.oid, false) & 12 <> 12
        THEN 'a view that cannot be written to'
    END AS other
  FROM needed
  LEFT JOIN pg_class c ON c.relname = name AND c.relnamespace = to_regnamespace(quote_ident(current_schema()))
), held AS (
  SELECT found.*, privilege, oid IS NOT NULL AS there, has_table_privilege(oid, privilege) AS granted
  FROM found, unnest(privileges) AS privilege
)
SELECT name, count(*) AS privileges,
  CASE
    WHEN NOT bool_and(there)
      THEN format('the table %s is not there, though the migrations were applied: bring it back from a backup', qualified)
    WHEN other IS NOT NULL
      THEN format('%s is %s, and the routes need a table: rename it, and bring the table back', qualified, other)
    WHEN NOT bool_and(granted)
      THEN format('%s may not %s in the table %s: GRANT %2$s ON %3$s TO %4$I', current_user,
                  string_agg(privilege, ', ' ORDER BY privilege) FILTER (WHERE NOT granted), qualified, current_user)
  END AS problem,
  CASE WHEN bool_and(there) THEN 'either' ELSE 'migrated' END AS in_case
FROM held
GROUP BY name, qualified, other
UNION ALL
SELECT 'function', 1,
  CASE WHEN NOT has_function_privilege(p.oid, 'EXECUTE')
    THEN format('%s may not call the function %I.%I: GRANT EXECUTE ON FUNCTION %2$I.%3$I(%4$s) TO %1$I', current_user,
                current_schema(), p.proname, pg_get_function_identity_arguments(p.oid))
  END,
  'either'
FROM pg_proc p
WHERE p.proname IN ('feed_series', 'finite_number', 'is_part', 'iso_date', 'jsonb_or_text', 'part_of', 'run_identity') AND p.pronamespace = to_regnamespace(quote_ident(current_schema()))
UNION ALL
SELECT 'schema', 1,
  CASE WHEN NOT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)
    THEN format('%s may not make tables: GRANT CREATE ON SCHEMA %I TO %I', current_user, current_schema(), current_user)
  END,
  'migrating'
UNION ALL
SELECT 'owner', 1,
  CASE WHEN NOT pg_has_role(relowner, 'USAGE')
    THEN format('%s does not own the tables, which the next start has to change: start the process once as %I, which does',
                current_user, pg_get_userbyid(relowner))
  END,
  'migrating'
FROM found
WHERE name = 'run' AND oid IS NOT NULL
UNION ALL
SELECT 'database', 1,
  CASE WHEN current_setting('transaction_read_only')::boolean
    THEN 'the database is read-only, as a standby is: name the one that can be written to in warehouse.jdbc-url'
  END,
  'either'
