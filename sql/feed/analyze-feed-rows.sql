-- Tells the planner of the rows that have just come. Left to itself it takes a new run for one row, and reads the whole feed for
-- each page of it.
ANALYZE feed_row
