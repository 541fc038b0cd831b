-- Messwerte für jede Station
CREATE TABLE weather.probes (
    id INT PRIMARY KEY,
    name VARCHAR(20) NOT NULL
);
CREATE OR REPLACE VIEW latest AS SELECT p.id, max(r.value) FROM probes p JOIN readings AS r ON r.probe = p.id;
CREATE FUNCTION scale(raw INT) RETURNS INT AS $$ BEGIN RETURN raw; END; $$ LANGUAGE plpgsql;
CREATE TYPE level AS ENUM ('low', 'high');
ALTER TABLE probes ADD COLUMN pin INT;
WITH recent AS (SELECT id FROM readings) SELECT count(*) FROM recent;
