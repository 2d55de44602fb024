-- How keys follow each other. docs/keys.md tells it.

-- ordered: somebody asked that the successor sign as soon as it may.
-- signs_from: sequence of the row that let the key sign: what it signed stands from there to the next key's. Every row is
-- judged by the keys of its own place in the ledger, so nothing lies between.
ALTER TABLE signing_key
  ADD COLUMN ordered    boolean NOT NULL DEFAULT false,
  ADD COLUMN signs_from bigint;
UPDATE signing_key SET signs_from = changed WHERE state = 'current';
