-- Contracts are worked off customer by customer. Ids are compared as bytes, which is cheaper than a language's order.
ALTER TABLE feed_row ALTER COLUMN customer_id TYPE text COLLATE "C";
CREATE INDEX feed_row_customer ON feed_row (run_id, customer_id, line_number);
DROP INDEX feed_row_contract;
