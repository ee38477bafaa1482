-- Of which series a feed is: its name without what is a date, a time or a timestamp in it, each of which becomes a star, and in lower
-- case. Other digits stay, since they number a part, a site or an account. Where it cannot be told whether digits are a time or a number,
-- they stay: a series that is too small is compared with nothing for a while, one that is too large has its feeds refused.
CREATE FUNCTION feed_series(feed text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$function$
  SELECT regexp_replace(lower(feed), $$
    (?<! [0-9]) (?:
      (?:
        # a day: 2026-11-24, 24.11.2026, 24-11-26, 20261124, 24112026, 261124, 241126
          (?: 19 | 20 ) [0-9]{2} [-_.\s] (?: 0?[1-9] | 1[0-2] ) [-_.\s] (?: 0?[1-9] | [12][0-9] | 3[01] )
        | (?: 0?[1-9] | [12][0-9] | 3[01] ) [-_.\s] (?: 0?[1-9] | [12][0-9] | 3[01] ) [-_.\s] (?: 19 | 20 ) [0-9]{2}
        | (?: 2[4-9] | 3[0-9] ) [-_.] (?: 0[1-9] | 1[0-2] ) [-_.] (?: 0[1-9] | [12][0-9] | 3[01] )
        | (?: 0[1-9] | [12][0-9] | 3[01] ) [-_.] (?: 0[1-9] | 1[0-2] ) [-_.] (?: 2[4-9] | 3[0-9] )
        | (?: 19 | 20 ) [0-9]{2} (?: 0[1-9] | 1[0-2] ) (?: 0[1-9] | [12][0-9] | 3[01] )
        | (?: 0[1-9] | [12][0-9] | 3[01] ) (?: 0[1-9] | 1[0-2] ) (?: 19 | 20 ) [0-9]{2}
        | (?: 0[1-9] | 1[0-2] ) (?: 0[1-9] | [12][0-9] | 3[01] ) (?: 19 | 20 ) [0-9]{2}
        | (?: 2[4-9] | 3[0-9] ) (?: 0[1-9] | 1[0-2] ) (?: 0[1-9] | [12][0-9] | 3[01] )
        | (?: 0[1-9] | [12][0-9] | 3[01] ) (?: 0[1-9] | 1[0-2] ) (?: 2[4-9] | 3[0-9] )
        # 24-nov-2026, 2026nov24, nov_2026
        | (?: [0-9]{1,2} [-_.\s]? )?
          (?<! [a-z]) (?: jan(?:uary)? | feb(?:ruary)? | mar(?:ch)? | apr(?:il)? | may | june? | july? | aug(?:ust)?
                        | sept?(?:ember)? | oct(?:ober)? | nov(?:ember)? | dec(?:ember)? )
          [-_.\s]? (?: [0-9]{1,2} [-_.\s] )? 20 [0-9]{2}
        | 20 [0-9]{2} [-_.\s]? (?: jan(?:uary)? | feb(?:ruary)? | mar(?:ch)? | apr(?:il)? | may | june? | july? | aug(?:ust)?
                                 | sept?(?:ember)? | oct(?:ober)? | nov(?:ember)? | dec(?:ember)? ) (?: [-_.\s]? [0-9]{1,2} )?
      )
      (?:
        # and its time: T020000Z, T02:00:00.123+01:00, 020000 close by, or after a separator 02-00, 02-00-00, 0200, 020000. What begins
        # with 00 there numbers a part as well.
          t [0-9]{2} (?: [-_:.h]? [0-9]{2} (?: [-_:.m]? [0-9]{2} (?: [-_:.,s]? [0-9]{1,9} )? )? )? (?: z | [-+] [0-9]{2} :? [0-9]{2} )?
        | (?: [01][0-9] | 2[0-3] ) (?: [0-5][0-9] (?: [0-5][0-9] (?: [.]? [0-9]{3,9} )? )? )? z?
        | [-_.\s] (?: [01][0-9] | 2[0-3] ) [-_:.h] [0-5][0-9] (?: [-_:.m] [0-5][0-9] )? z?
        | [-_.\s] (?: 0[1-9] | 1[0-9] | 2[0-3] ) [0-5][0-9] (?: [0-5][0-9] )? z?
      )?
      # a month, a quarter, a week: 2026-11, 202611, 11-2026, 2026-q4, 2026-w47, 2026w471, kw47-2026
      | 20 [0-9]{2} [-_.\s]? (?: 0[1-9] | 1[0-2] )
      | (?: 0[1-9] | 1[0-2] ) [-_.\s] 20 [0-9]{2}
      | 20 [0-9]{2} [-_.\s]? (?: q [-_\s]? [1-4] | [kc]?w [-_\s]? [0-5][0-9] (?: [-_]? [1-7] )? )
      | (?<! [a-z]) (?: q [-_\s]? [1-4] | [kc]?w [-_\s]? [0-5][0-9] ) [-_.\s]? 20 [0-9]{2}
      # seconds since 1970, or parts of them
      | (?: 1[6-9] | 20 ) [0-9]{8} (?: [0-9]{3} | [0-9]{6} | [0-9]{9} )?
    ) (?! [0-9])
  $$, '*', 'gx')
$function$;
COMMENT ON FUNCTION feed_series IS 'what the feeds of all nights have in common in their names';

-- Whether the feeds of a series are parts of one list, of which the last one has as many rows as happen to be left: it says so, has a
-- number with a leading zero, or a number after its date.
CREATE FUNCTION is_part(series text) RETURNS boolean
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$function$
  SELECT series ~ $$(?x)
      (?<! [a-z]) (?: part | chunk | split | slice | segment | piece | page | batch | shard | teil ) s? [-_.\s(*]* [0-9]
    | (?<! [a-z0-9]) 0 [0-9]+ (?! [a-z0-9])
    | [0-9] [-_.\s]? of [-_.\s]? [0-9]
    | [*] [-_.\s] [0-9]{1,4} (?! [0-9])
  $$
$function$;
COMMENT ON FUNCTION is_part IS 'whether the size of such a feed says nothing';

ALTER TABLE run DROP COLUMN series;
ALTER TABLE run ADD COLUMN series text GENERATED ALWAYS AS (feed_series(feed)) STORED;
CREATE INDEX run_of_series ON run (series, run_id);

-- An unfinished run that no start resumes by itself any more.
ALTER TABLE run ADD COLUMN superseded_by bigint REFERENCES run ON DELETE SET NULL;
COMMENT ON COLUMN run.superseded_by IS 'the run of the same feed with another usage period, or with another content, that came after it';

-- A contract whose row has usage of a later month is left as it is.
ALTER TABLE run ADD COLUMN outdated bigint;
COMMENT ON COLUMN run.outdated IS 'of the unchanged contracts, those whose row has usage of a later month';
ALTER TABLE run_contract ADD COLUMN later_period text;
COMMENT ON COLUMN run_contract.later_period IS 'the month whose usage the row has, where that is later than the run''s; the row was not written';
