-- The one door into the ledger. Every function here takes the lock on the head with its first statement, so that its
-- next statement sees everything committed before: they must be VOLATILE, and the transaction READ COMMITTED. Time is
-- clock_timestamp() after the lock, never now(), which is the time the transaction began to wait.

-- Locks the head for an administrative act and returns it with the time. seen_sequence and seen_hash are the highest
-- that this node ever saw: a database that does not know them has lost committed rows, and nothing may be issued on it.
CREATE FUNCTION ledger_lock(seen_sequence bigint, seen_hash bytea,
                            OUT sequence bigint, OUT hash bytea, OUT authority bigint, OUT at timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  known bytea;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the ledger is appended to under READ COMMITTED only';
  END IF;
  SELECT h.sequence, h.hash, h.authority INTO sequence, hash, authority FROM ledger_head h FOR UPDATE;
  at := clock_timestamp();
  IF seen_sequence > 0 AND seen_sequence <> sequence THEN
    SELECT l.head INTO known FROM ledger l WHERE l.sequence = seen_sequence;
  ELSE
    known := CASE WHEN seen_sequence = sequence THEN hash ELSE seen_hash END;
  END IF;
  IF known IS DISTINCT FROM seen_hash THEN
    RAISE EXCEPTION 'the ledger has forgotten: this node saw row % with another hash than the database has', seen_sequence
      USING ERRCODE = 'WR001';
  END IF;
END $$;

-- Appends the row of an administrative act whose transaction holds the lock. changes_authority: every node must judge
-- by a fresh snapshot from this row on.
CREATE FUNCTION ledger_add(kind text, id uuid, agent uuid, writ uuid, body text, changes_authority boolean,
                           OUT sequence bigint, OUT hash bytea, OUT at timestamptz)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  leaf bytea;
BEGIN
  at := clock_timestamp();
  SELECT h.sequence + 1, h.hash INTO sequence, hash FROM ledger_head h FOR UPDATE;
  leaf := ledger_leaf(sequence, epoch_micros(at), convert_to(body, 'UTF8'));
  hash := ledger_link(hash, leaf);
  INSERT INTO ledger VALUES (sequence, at, kind, id, agent, writ, body, leaf, hash);
  UPDATE ledger_head h SET sequence = ledger_add.sequence, hash = ledger_add.hash,
    authority = CASE WHEN changes_authority THEN ledger_add.sequence ELSE h.authority END;
END $$;

-- Of an agent with ancestors only: which of them stands in the way.
CREATE FUNCTION ancestor_objection(lineage uuid[], at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  killed boolean;
  expired boolean;
BEGIN
  SELECT bool_or(p.killed_at IS NOT NULL), bool_or(p.expires_at <= at) INTO killed, expired
  FROM agent p WHERE p.id = ANY (lineage);
  RETURN CASE WHEN killed THEN 'ancestor_killed' WHEN expired THEN 'ancestor_expired' END;
END $$;

-- What stands against an agent at an instant: null, or the first of these words. jkt: null when no key was to be proven.
-- A single expression, so that the planner inlines it.
CREATE FUNCTION agent_objection(a agent, jkt bytea, at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN CASE
  WHEN a.id IS NULL THEN 'unknown'
  WHEN a.killed_at IS NOT NULL THEN 'killed'
  WHEN a.expires_at <= at THEN 'expired'
  WHEN jkt IS NOT NULL AND jkt IS DISTINCT FROM a.jkt
       AND (jkt IS DISTINCT FROM a.jkt_before OR a.jkt_before_until <= at) THEN 'key'
  WHEN a.parent IS NOT NULL THEN ancestor_objection(a.lineage, at)
END;

-- Appends a batch in one round trip and answers a verdict for each row:
--   ok         appended; sequence and at are its own
--   stale      judged by an old snapshot, agent revision or duty roster: judge again
--   replayed   its DPoP proof was used before
--   not_open   a close whose intent is no longer open
--   otherwise  a word of agent_objection
--
-- kind: issue | intent | close | again judge the agent; refuse | withhold do not.
--   issue     a credential made here: its writ is live from this row
--   intent    the target is about to be asked: its writ is open
--   close     the target answered: writ_state live (only while the agent may have it), refused or unknown
--   again     a live writ handed out once more
--   withhold  the target answered and the agent may no longer have it: ends the writ without judging
--   refuse    says only that something was refused
CREATE FUNCTION ledger_append(
  node_id uuid, seen_sequence bigint, seen_hash bytea,
  kinds text[], ids uuid[], agents uuid[], writs uuid[], bodies bytea[],
  authorities bigint[], revisions integer[], jkts bytea[], slots smallint[], jtis bytea[],
  accountables text[], accountable_from bigint[], accountable_until bigint[],
  targets text[], writ_states text[], grants text[], policies text[], expiries bigint[],
  token_hashes bytea[], access_keys text[])
RETURNS TABLE (ord bigint, verdict text, sequence bigint, at_micros bigint, head bytea)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
  h record;
  now_micros bigint;
BEGIN
  SELECT * INTO h FROM ledger_lock(seen_sequence, seen_hash);
  now_micros := epoch_micros(h.at);

  RETURN QUERY
  WITH input AS MATERIALIZED (
    SELECT * FROM unnest(kinds, ids, agents, writs, bodies, authorities, revisions, jkts, slots, jtis, accountables,
                         accountable_from, accountable_until, targets, writ_states, grants, policies, expiries,
                         token_hashes, access_keys)
      WITH ORDINALITY AS t (kind, id, agent, writ, body, authority, revision, jkt, slot, jti, accountable,
                            duty_from, duty_until, target, writ_state, grant_json, policy, expiry,
                            token_sha256, access_key, ord)
  ), judged AS MATERIALIZED (
    SELECT i.*, a.owner, a.enrolment,
           CASE WHEN i.kind IN ('refuse', 'withhold') THEN NULL
                ELSE coalesce(
                  agent_objection(a, i.jkt, h.at),
                  CASE WHEN i.kind = 'close' AND NOT EXISTS
                              (SELECT FROM writ w WHERE w.id = i.writ AND w.state = 'open') THEN 'not_open'
                       WHEN i.kind = 'again' AND NOT EXISTS
                              (SELECT FROM writ w WHERE w.id = i.writ AND w.state = 'live' AND w.expires_at > h.at)
                         THEN 'stale'
                       WHEN i.authority <> h.authority OR i.revision <> a.revision
                         OR now_micros < i.duty_from OR now_micros >= i.duty_until THEN 'stale'
                       WHEN i.kind IN ('issue', 'intent') AND from_micros(i.expiry) > a.expires_at THEN 'stale'
                  END)
           END AS objection
    FROM input i LEFT JOIN agent a ON a.id = i.agent
  ), first_use AS (
    SELECT DISTINCT ON (slot, jti) ord, slot, jti FROM judged
    WHERE objection IS NULL AND jti IS NOT NULL ORDER BY slot, jti, ord
  ), used AS (
    INSERT INTO dpop_proof (slot, jti) SELECT slot, jti FROM first_use ON CONFLICT DO NOTHING RETURNING slot, jti
  ), final AS MATERIALIZED (
    SELECT j.*, CASE WHEN j.objection IS NOT NULL THEN j.objection
                     WHEN j.jti IS NULL OR f.ord IS NOT NULL THEN 'ok'
                     ELSE 'replayed' END AS outcome
    FROM judged j
    LEFT JOIN (SELECT f.ord FROM first_use f JOIN used u USING (slot, jti)) f ON f.ord = j.ord
  ), numbered AS MATERIALIZED (
    SELECT f.*, h.sequence + row_number() OVER (ORDER BY f.ord) AS sequence FROM final f WHERE outcome = 'ok'
  ), hashed AS MATERIALIZED (
    SELECT n.*, ledger_leaf(n.sequence, now_micros, n.body) AS leaf FROM numbered n
  ), linked AS MATERIALIZED (
    SELECT x.*, ledger_chain(h.hash, x.leaf) OVER (ORDER BY x.ord ROWS UNBOUNDED PRECEDING) AS head FROM hashed x
  ), appended AS (
    INSERT INTO ledger (sequence, at, kind, id, agent, writ, body, leaf, head)
    SELECT sequence, h.at, kind, id, agent, writ, convert_from(body, 'UTF8'), leaf, head FROM linked
  ), issued AS (
    INSERT INTO writ (id, agent, target, state, grant_json, policy, owner, accountable, enrolment, node, issued_at,
                      expires_at, token_sha256, access_key_id, sequence)
    SELECT writ, agent, target, CASE kind WHEN 'issue' THEN 'live' ELSE 'open' END, grant_json, policy, owner,
           accountable, enrolment, node_id, h.at, from_micros(expiry), token_sha256, access_key, sequence
    FROM hashed WHERE kind IN ('issue', 'intent')
  ), closed AS (
    UPDATE writ w SET state = n.writ_state, sequence = n.sequence,
      expires_at = coalesce(from_micros(n.expiry), w.expires_at),
      token_sha256 = coalesce(n.token_sha256, w.token_sha256),
      access_key_id = coalesce(n.access_key, w.access_key_id),
      ended_at = CASE WHEN n.writ_state IN ('ended', 'refused') THEN h.at ELSE w.ended_at END
    FROM hashed n WHERE n.kind IN ('close', 'withhold') AND w.id = n.writ
  ), advanced AS (
    UPDATE ledger_head SET sequence = (SELECT max(sequence) FROM numbered),
                           hash = (SELECT head FROM linked ORDER BY ord DESC LIMIT 1)
    WHERE EXISTS (SELECT FROM numbered)
  )
  SELECT ord, outcome, NULL, now_micros, NULL FROM final WHERE outcome <> 'ok'
  UNION ALL
  SELECT ord, outcome, sequence, now_micros, head FROM linked;
END $$;
