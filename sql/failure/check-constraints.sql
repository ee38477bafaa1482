-- Lets constraints and their triggers that wait for the end of the transaction speak now.
SET CONSTRAINTS ALL IMMEDIATE
