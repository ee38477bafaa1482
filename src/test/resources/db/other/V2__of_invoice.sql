CREATE INDEX run_of_invoice ON invoice (id);
