-- Policies and owners that are administered in a Keycloak realm. docs/decisions/0005 tells why.
--
-- realm: its URL. version: the number of the whole set that was last taken over; it never goes back. content: SHA-256 of
-- which policy has which number in it, for the number of a set comes once. confirmed_at: when a node last heard from the
-- realm that this is its set. in_force: at most one of a kind; none means files, or what was applied by hand.
CREATE TABLE source (
  kind            text NOT NULL CHECK (kind IN ('policies', 'owners')),
  realm           text NOT NULL CHECK (realm <> ''),
  version         bigint NOT NULL,
  content         bytea NOT NULL,
  confirmed_at    timestamptz NOT NULL,
  max_age_seconds bigint NOT NULL,
  in_force        boolean NOT NULL,
  PRIMARY KEY (kind, realm)
);
CREATE UNIQUE INDEX source_in_force ON source (kind) WHERE in_force;

-- Each realm counts the versions of its policies itself. realm: '' for those from files or applied by hand.
ALTER TABLE policy ADD COLUMN realm text NOT NULL DEFAULT '';
ALTER TABLE policy_head ADD COLUMN realm text NOT NULL DEFAULT '';
ALTER TABLE policy_head DROP CONSTRAINT policy_head_name_version_fkey;
ALTER TABLE policy DROP CONSTRAINT policy_pkey;
ALTER TABLE policy ADD PRIMARY KEY (name, version, realm);
ALTER TABLE policy_head ADD FOREIGN KEY (name, version, realm) REFERENCES policy (name, version, realm);

-- Whether something that is judged by could not be confirmed for too long at an instant.
CREATE FUNCTION source_unconfirmed(at timestamptz) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (SELECT FROM source s
               WHERE s.in_force AND s.confirmed_at + s.max_age_seconds * interval '1 second' <= at);

-- As in V2, with one more verdict:
--   unconfirmed  what it would be judged by could not be confirmed for too long
CREATE OR REPLACE FUNCTION ledger_append(
  node_id uuid, seen_sequence bigint, seen_hash bytea,
  kinds text[], ids uuid[], agents uuid[], writs uuid[], bodies bytea[],
  authorities bigint[], revisions integer[], jkts bytea[], slots smallint[], jtis bytea[],
  accountables text[], accountable_from bigint[], accountable_until bigint[],
  targets text[], writ_states text[], grants text[], policies text[], expiries bigint[],
  token_hashes bytea[], access_keys text[],
  OUT verdicts text[], OUT last_sequence bigint, OUT last_hash bytea, OUT at_micros bigint)
LANGUAGE plpgsql VOLATILE
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
AS $$
DECLARE
  rows_in integer := cardinality(ids);
  first_sequence bigint;
  known_authority bigint;
  now_at timestamptz;
  idle smallint;
  unconfirmed boolean;
  owners text[];
  enrolments integer[];
  proofs integer;
  fresh bytea[];
  sequences bigint[];
  leaves bytea[];
  heads bytea[];
  leaf bytea;
BEGIN
  SELECT l.sequence, l.hash, l.authority, l.at INTO last_sequence, last_hash, known_authority, now_at
  FROM ledger_lock(seen_sequence, seen_hash) l;
  first_sequence := last_sequence + 1;
  at_micros := epoch_micros(now_at);
  idle := dpop_idle_slot(now_at);
  unconfirmed := source_unconfirmed(now_at);

  -- Judge. A verdict that is null stands for ok until the hashes are made.
  SELECT array_agg(j.objection ORDER BY j.i), array_agg(j.owner ORDER BY j.i), array_agg(j.enrolment ORDER BY j.i),
         count(jtis[j.i]) FILTER (WHERE j.objection IS NULL)
  INTO verdicts, owners, enrolments, proofs
  FROM (
    SELECT i, a.owner, a.enrolment,
      CASE WHEN kinds[i] IN ('refuse', 'withhold') THEN CASE WHEN slots[i] = idle THEN 'replayed' END
           ELSE coalesce(
             agent_objection(a, jkts[i], now_at),
             CASE WHEN unconfirmed THEN 'unconfirmed'
                  WHEN slots[i] = idle THEN 'replayed'
                  WHEN kinds[i] = 'close' AND NOT (
                         array_position(writs, writs[i]) = i  -- the first in this batch to speak of it
                         AND EXISTS (SELECT FROM writ w
                                     WHERE w.id = writs[i] AND w.agent = agents[i] AND w.state = 'open'))
                    THEN 'not_open'
                  WHEN kinds[i] = 'again' AND NOT EXISTS (
                         SELECT FROM writ w WHERE w.id = writs[i] AND w.agent = agents[i] AND w.state = 'live'
                                              AND w.expires_at > now_at)
                    THEN 'stale'
                  WHEN authorities[i] <> known_authority OR revisions[i] <> a.revision
                    OR at_micros < accountable_from[i] OR at_micros >= accountable_until[i] THEN 'stale'
                  WHEN kinds[i] <> 'again' AND from_micros(expiries[i]) > a.expires_at THEN 'stale'
             END)
      END AS objection
    FROM generate_series(1, rows_in) AS i LEFT JOIN agent a ON a.id = agents[i]
  ) j;

  -- Use up the proofs of what is left. Only where one was known is it worth finding out which.
  IF proofs > 0 THEN
    WITH used AS (
      INSERT INTO dpop_proof (slot, jti)
      SELECT slots[i], jtis[i] FROM generate_series(1, rows_in) AS i WHERE verdicts[i] IS NULL AND jtis[i] IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING int2send(slot) || jti AS proof
    ) SELECT array_agg(proof) INTO fresh FROM used;
    IF proofs > coalesce(cardinality(fresh), 0) THEN
      SELECT array_agg(CASE WHEN p.verdict IS NULL AND p.jti IS NOT NULL AND (p.use > 1 OR p.known) THEN 'replayed'
                            ELSE p.verdict END ORDER BY p.i)
      INTO verdicts
      FROM (
        SELECT i, verdicts[i] AS verdict, jtis[i] AS jti,
               row_number() OVER (PARTITION BY verdicts[i] IS NULL, slots[i], jtis[i] ORDER BY i) AS use,
               int2send(slots[i]) || jtis[i] NOT IN (SELECT unnest(fresh)) AS known
        FROM generate_series(1, rows_in) AS i
      ) p;
    END IF;
  END IF;

  -- Number and chain.
  FOR i IN 1 .. rows_in LOOP
    IF verdicts[i] IS NULL THEN
      last_sequence := last_sequence + 1;
      leaf := ledger_leaf(last_sequence, at_micros, bodies[i]);
      last_hash := ledger_link(last_hash, leaf);
      verdicts[i] := 'ok';
      sequences[i] := last_sequence;
      leaves[i] := leaf;
      heads[i] := last_hash;
    END IF;
  END LOOP;
  IF last_sequence < first_sequence THEN
    RETURN;
  END IF;

  INSERT INTO ledger (sequence, at, kind, id, agent, writ, body, leaf, head)
  SELECT sequences[i], now_at, kinds[i], ids[i], agents[i], writs[i], convert_from(bodies[i], 'UTF8'), leaves[i], heads[i]
  FROM generate_series(1, rows_in) AS i WHERE sequences[i] IS NOT NULL;

  INSERT INTO writ (id, agent, target, state, grant_json, policy, owner, accountable, enrolment, node, issued_at,
                    expires_at, token_sha256, access_key_id, sequence)
  SELECT writs[i], agents[i], targets[i], CASE kinds[i] WHEN 'issue' THEN 'live' ELSE 'open' END, grants[i], policies[i],
         owners[i], accountables[i], enrolments[i], node_id, now_at, from_micros(expiries[i]), token_hashes[i],
         access_keys[i], sequences[i]
  FROM generate_series(1, rows_in) AS i WHERE sequences[i] IS NOT NULL AND kinds[i] IN ('issue', 'intent');

  IF kinds && ARRAY['close', 'withhold'] THEN
    UPDATE writ w SET
      state = CASE w.state WHEN 'ended' THEN 'ended' ELSE writ_states[i] END,
      sequence = sequences[i],
      expires_at = coalesce(from_micros(expiries[i]), w.expires_at),
      token_sha256 = coalesce(token_hashes[i], w.token_sha256),
      access_key_id = coalesce(access_keys[i], w.access_key_id),
      ended_at = CASE WHEN writ_states[i] IN ('ended', 'refused') THEN coalesce(w.ended_at, now_at) ELSE w.ended_at END
    FROM generate_series(1, rows_in) AS i
    WHERE sequences[i] IS NOT NULL AND kinds[i] IN ('close', 'withhold') AND w.id = writs[i] AND w.agent = agents[i];
  END IF;

  UPDATE ledger_head SET sequence = last_sequence, hash = last_hash;
END $$;
