-- How keys follow each other. docs/keys.md tells it.

-- ordered: somebody asked that the successor sign as soon as it may.
-- signs_from: sequence of the row that let the key sign: what it signed stands from there to the next key's. Every row is
-- judged by the keys of its own place in the ledger, so nothing lies between.
ALTER TABLE signing_key
  ADD COLUMN ordered    boolean NOT NULL DEFAULT false,
  ADD COLUMN signs_from bigint;
UPDATE signing_key SET signs_from = changed WHERE state = 'current';

-- Keys that are kept elsewhere, by slot (root, checkpoint, github:<app id>): which of them is used. Of a root its own
-- certificate, and the one that the root before it gave it, for those who trust that one only.
-- id: SHA-256 of the public key (SubjectPublicKeyInfo), hex. needed_until: of a retired one, by its nature.
CREATE TABLE kept_key (
  slot              text NOT NULL,
  id                text NOT NULL,
  state             text NOT NULL CHECK (state IN ('next', 'current', 'retired', 'distrusted', 'spent')),
  certificate       text,
  cross_certificate text,
  ordered           boolean NOT NULL DEFAULT false,
  since             timestamptz NOT NULL,
  needed_until      timestamptz,
  changed           bigint NOT NULL,
  PRIMARY KEY (slot, id)
);
CREATE UNIQUE INDEX kept_key_current ON kept_key (slot) WHERE state = 'current';
CREATE UNIQUE INDEX kept_key_next ON kept_key (slot) WHERE state = 'next';
INSERT INTO kept_key (slot, id, state, certificate, since, changed)
  SELECT 'root', root_id, 'current', root_certificate, created_at, sequence FROM deployment, ledger_head;
ALTER TABLE deployment DROP COLUMN root_id, DROP COLUMN root_certificate;

-- Which of them a node holds and has told its callers of.
CREATE TABLE node_key (
  node uuid NOT NULL REFERENCES node ON DELETE CASCADE,
  slot text NOT NULL,
  id   text NOT NULL,
  PRIMARY KEY (node, slot, id)
);

-- ordered: its node is to make itself another one.
ALTER TABLE intermediate ADD COLUMN ordered boolean NOT NULL DEFAULT false;

ALTER TABLE deployment ADD COLUMN envelope_since timestamptz;
UPDATE deployment SET envelope_since = created_at;
ALTER TABLE deployment ALTER COLUMN envelope_since SET NOT NULL;
