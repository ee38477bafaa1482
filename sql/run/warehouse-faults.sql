-- What is wrong in the tables that the owner of the warehouse has made: the first twenty.
SELECT fault FROM warehouse_fault LIMIT 20
