-- The only store of a deployment. Everything that an exchange is judged by changes under the lock of the one row in
-- ledger_head, so the order of the ledger is the order of authority. docs/exchange.md tells the flow.

-- ---------------------------------------------------------------- the ledger

-- authority: the sequence of the last change to policies, owners, launchers or signing keys. A node judges by a snapshot
-- of those; a row judged by an older snapshot does not go in, it comes back to be judged again.
CREATE TABLE ledger_head (
  one       boolean PRIMARY KEY DEFAULT true CHECK (one),
  sequence  bigint NOT NULL,
  hash      bytea NOT NULL CHECK (octet_length(hash) = 32),
  authority bigint NOT NULL
);
INSERT INTO ledger_head (sequence, hash, authority) VALUES (0, sha256(''), 0);

-- sequence: 1, 2, 3 … without a gap.
-- kind: issue, intent, close, again, withhold, refuse; orphan; and a word for each administrative act.
-- leaf: RFC 6962 section 2.1 leaf hash, SHA-256(0x00 || entry), entry = sequence (8 bytes, big endian)
--       || at (microseconds since 1970-01-01T00:00:00Z, 8 bytes, big endian) || body (UTF-8, byte for byte).
-- head: SHA-256(0x02 || head of the row before || leaf); before the first row SHA-256 of nothing.
-- What leaf covers is all that a third party is shown; kind, id, agent and writ are there to find rows by.
CREATE TABLE ledger (
  sequence bigint PRIMARY KEY,
  at       timestamptz NOT NULL,
  kind     text NOT NULL,
  id       uuid NOT NULL UNIQUE,
  agent    uuid,
  writ     uuid,
  body     text NOT NULL,
  leaf     bytea NOT NULL,
  head     bytea NOT NULL
);
CREATE INDEX ledger_agent ON ledger (agent, sequence) WITH (deduplicate_items = off) WHERE agent IS NOT NULL;
CREATE INDEX ledger_enrolment ON ledger (agent) WHERE kind = 'enrol';

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

CREATE FUNCTION ledger_leaf(sequence bigint, micros bigint, body bytea) RETURNS bytea
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN sha256('\x00'::bytea || int8send(sequence) || int8send(micros) || body);

CREATE FUNCTION ledger_link(head bytea, leaf bytea) RETURNS bytea
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN sha256('\x02'::bytea || head || leaf);

-- STABLE, though they depend on no setting: the planner inlines an IMMUTABLE function only if all that it calls is so.
CREATE FUNCTION epoch_micros(at timestamptz) RETURNS bigint
  LANGUAGE sql STABLE STRICT PARALLEL SAFE
  RETURN (extract(epoch FROM at) * 1000000)::bigint;

CREATE FUNCTION from_micros(micros bigint) RETURNS timestamptz
  LANGUAGE sql STABLE STRICT PARALLEL SAFE
  RETURN timestamptz '1970-01-01 00:00:00+00' + micros * interval '1 microsecond';

-- ---------------------------------------------------------------- what judgements rest on

CREATE TABLE deployment (
  one              boolean PRIMARY KEY DEFAULT true CHECK (one),
  id               uuid NOT NULL,
  issuer           text NOT NULL,
  trust_domain     text NOT NULL,
  root_id          text NOT NULL,
  root_certificate text NOT NULL,
  envelope_id      text NOT NULL,
  created_at       timestamptz NOT NULL
);

CREATE TABLE policy (
  name      text NOT NULL,
  version   integer NOT NULL,
  canonical text NOT NULL,
  author    text NOT NULL,
  comment   text NOT NULL,
  at        timestamptz NOT NULL,
  PRIMARY KEY (name, version)
);

CREATE TABLE policy_head (
  name      text PRIMARY KEY,
  version   integer NOT NULL,
  withdrawn boolean NOT NULL,
  changed   bigint NOT NULL,
  FOREIGN KEY (name, version) REFERENCES policy (name, version)
);
CREATE INDEX policy_head_changed ON policy_head (changed);

-- name: user:… or group:…. A removed entry stays with live = false, so that what it answered for can still be told.
CREATE TABLE owner (
  name       text PRIMARY KEY,
  definition text NOT NULL,
  live       boolean NOT NULL,
  changed    bigint NOT NULL
);
CREATE INDEX owner_changed ON owner (changed);

-- certificate: the public half, DER. sealed: the private half under the envelope key, gone once nothing is signed by it.
-- verifies_until: of a retired key, when nothing it signed lives any more.
CREATE TABLE signing_key (
  kid            text PRIMARY KEY,
  slot           text NOT NULL,
  state          text NOT NULL CHECK (state IN ('next', 'current', 'retired', 'distrusted', 'spent')),
  certificate    bytea NOT NULL,
  sealed         bytea,
  since          timestamptz NOT NULL,
  verifies_until timestamptz,
  changed        bigint NOT NULL
);
CREATE UNIQUE INDEX signing_key_current ON signing_key (slot) WHERE state = 'current';
CREATE UNIQUE INDEX signing_key_next ON signing_key (slot) WHERE state = 'next';

CREATE TABLE intermediate (
  id          text PRIMARY KEY,
  node        uuid NOT NULL,
  certificate text NOT NULL,
  not_after   timestamptz NOT NULL,
  distrusted  boolean NOT NULL DEFAULT false,
  changed     bigint NOT NULL
);

-- A launcher's user name belongs to the first (iss, sub) that was seen with it, until an admin rebinds it.
CREATE TABLE launcher_binding (
  principal text PRIMARY KEY,
  issuer    text NOT NULL,
  subject   text NOT NULL,
  bound_at  timestamptz NOT NULL
);

-- ---------------------------------------------------------------- agents

CREATE TABLE agent (
  id                   uuid PRIMARY KEY,
  policy               text NOT NULL,
  owner                text NOT NULL,
  offered_to           text,
  launcher             text NOT NULL,
  requested_by         text,
  requested_by_claimed boolean NOT NULL DEFAULT false,
  parent               uuid REFERENCES agent,
  lineage              uuid[] NOT NULL,             -- ancestors, parent first
  narrow               text,                        -- authorization_details, JSON
  task                 text,
  role                 text,
  labels               jsonb NOT NULL DEFAULT '{}',
  harness              text,
  session              text,
  model                text,
  continues            uuid,
  launched_at          timestamptz NOT NULL,
  launched_policy      text NOT NULL,               -- operator@7
  expires_at           timestamptz NOT NULL,
  killed_at            timestamptz,
  killed_by            text,
  kill_reason          text,
  revision             integer NOT NULL DEFAULT 0,  -- grows with each change that a node's copy must not miss

  enrolment            integer NOT NULL DEFAULT 0,  -- how many enrolments were completed
  enrolment_hash       bytea,                       -- SHA-256 of the one-time token
  enrolment_expires_at timestamptz,
  enrolment_by         text,
  enrolled_by          text,                        -- who asked for the enrolment in force
  enrolled_at          timestamptz,
  enrolled_hash        bytea,                       -- the token that was used, for a retry with the same key
  enrolled_jkt         bytea,
  enrolled_until       timestamptz,

  jkt                  bytea,                       -- the newest key, RFC 7638 SHA-256 thumbprint
  jkt_until            timestamptz,                 -- end of its last SVID
  jkt_before           bytea,
  jkt_before_until     timestamptz,

  CHECK (CASE WHEN parent IS NULL THEN cardinality(lineage) = 0 ELSE lineage[1] = parent END)
);
CREATE INDEX agent_parent ON agent (parent) WHERE parent IS NOT NULL;
CREATE INDEX agent_lineage ON agent USING gin (lineage) WHERE parent IS NOT NULL;
CREATE INDEX agent_owner ON agent (owner, id);
CREATE INDEX agent_launcher ON agent (launcher, id);
CREATE INDEX agent_policy ON agent (policy, id);
CREATE INDEX agent_session ON agent (harness, session) WHERE session IS NOT NULL;
CREATE UNIQUE INDEX agent_enrolment ON agent (enrolment_hash) WHERE enrolment_hash IS NOT NULL;
CREATE UNIQUE INDEX agent_enrolled ON agent (enrolled_hash) WHERE enrolled_hash IS NOT NULL;

-- Every key that an agent ever proved. A key is never shared and never reused.
CREATE TABLE agent_key (
  jkt   bytea PRIMARY KEY,
  agent uuid NOT NULL REFERENCES agent,
  since timestamptz NOT NULL
);

CREATE TABLE launch_key (
  caller text NOT NULL,
  key    text NOT NULL,
  body   bytea NOT NULL,
  agent  uuid NOT NULL REFERENCES agent,
  at     timestamptz NOT NULL,
  PRIMARY KEY (caller, key)
);
CREATE INDEX launch_key_at ON launch_key (at);

-- ---------------------------------------------------------------- writs

CREATE TABLE node (
  id          uuid PRIMARY KEY,
  name        text NOT NULL,
  lease_until timestamptz NOT NULL
);

-- open: the target is being asked. live: issued (ended once past expires_at). refused: the target said no.
-- unknown: the target did not answer, or the node died while asking. ended: revoked, or killed with its agent.
CREATE TABLE writ (
  id            uuid PRIMARY KEY,
  agent         uuid NOT NULL,   -- no foreign key: the append has just judged the agent, a second look would cost half of it
  target        text NOT NULL,
  state         text NOT NULL CHECK (state IN ('open', 'live', 'refused', 'unknown', 'ended')),
  grant_json    text NOT NULL,
  policy        text NOT NULL,
  owner         text NOT NULL,
  accountable   text NOT NULL,
  enrolment     integer NOT NULL,
  node          uuid NOT NULL,
  issued_at     timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  token_sha256  bytea,
  access_key_id text,
  sequence      bigint NOT NULL,
  ended_at      timestamptz,
  ended_by      text
);
CREATE INDEX writ_agent ON writ (agent, issued_at) WITH (deduplicate_items = off);
CREATE INDEX writ_token ON writ USING hash (token_sha256) WHERE token_sha256 IS NOT NULL;
CREATE INDEX writ_access_key ON writ (access_key_id) WHERE access_key_id IS NOT NULL;
CREATE INDEX writ_open ON writ (node) WHERE state = 'open';

-- ---------------------------------------------------------------- DPoP proofs, once each

-- slot: (iat / 128 s) mod 4. A proof is accepted for 65 s around its iat, so a slot can be emptied when it is neither the
-- present one nor a neighbour: dpop_idle_slot names it.
CREATE TABLE dpop_proof (
  slot smallint NOT NULL,
  jti  bytea NOT NULL,
  PRIMARY KEY (jti, slot)
) PARTITION BY LIST (slot);
CREATE TABLE dpop_proof_0 PARTITION OF dpop_proof FOR VALUES IN (0);
CREATE TABLE dpop_proof_1 PARTITION OF dpop_proof FOR VALUES IN (1);
CREATE TABLE dpop_proof_2 PARTITION OF dpop_proof FOR VALUES IN (2);
CREATE TABLE dpop_proof_3 PARTITION OF dpop_proof FOR VALUES IN (3);
