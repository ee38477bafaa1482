-- Whether a feed says in its name that it is a part of a list: part-0004, chunk3, part-ac, 1-of-4. Any other number may be that of a site, a
-- store or a region, whose feeds are to be compared with one another.
CREATE OR REPLACE FUNCTION is_part(series text) RETURNS boolean
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$function$
  SELECT series ~ $$(?x)
      (?<! [a-z]) (?: part | chunk | split | slice | segment | piece | page | batch | shard | teil ) s? [-_.\s(*]* [0-9]
    | (?<! [a-z]) (?: part | chunk | split | slice | segment | piece ) s? [-_.\s(*]+ a [a-z] (?! [a-z0-9])
    | [0-9] [-_.\s]? of [-_.\s]? [0-9]
  $$
$function$;
COMMENT ON FUNCTION is_part IS 'whether the name of a feed says that it is a part of a list';

-- Of which list a feed would be a part, and which one: the last number of its name, or the letters at its end that split(1) makes, of
-- which aa is 0, ab 1. Without either, both are null.
CREATE FUNCTION part_of(series text, OUT list text, OUT number numeric)
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$function$
  SELECT part[1] || '#' || part[3],
    CASE WHEN part[2] ~ '[0-9]' THEN part[2]::numeric
         ELSE (SELECT sum((ascii(substr(part[2], i, 1)) - ascii('a')) * 26 ^ (length(part[2]) - i))::numeric
               FROM generate_series(1, length(part[2])) AS i) END
  FROM coalesce(
    regexp_match(series, '^(.*[^0-9]|)([0-9]+)([^0-9]*)$'),
    regexp_match(series, '^(x?|.*[-_. *]x?)([a-z]{2,3})([.][a-z]+)$')) AS part
$function$;
COMMENT ON FUNCTION part_of IS 'the list and the number of a feed that may be a part; sql/check-volume.sql says whether it is';
