-- The row of a letter cannot always be taken apart: one that says \u0000 is kept as a text.
ALTER TABLE dead_letter ADD COLUMN customer_id text;
