-- The one door into the ledger. Every function here takes the lock on the head with its first statement, so that its
-- next statement sees everything committed before: they must be VOLATILE, and the transaction READ COMMITTED. Time is
-- clock_timestamp() after the lock, never now(), which is the time the transaction began to wait.

-- Locks the head and returns it with the time. seen_sequence and seen_hash are the highest that this node ever saw: a
-- database that does not know them has lost committed rows, and nothing may be issued on it.
--
-- Whoever called gives up within a second. The wait ends before that, so that no batch whose callers have gone goes in.
CREATE FUNCTION ledger_lock(seen_sequence bigint, seen_hash bytea,
                            OUT sequence bigint, OUT hash bytea, OUT authority bigint, OUT at timestamptz)
LANGUAGE plpgsql VOLATILE
SET lock_timeout = '700ms'
AS $$
DECLARE
  known bytea;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the ledger is appended to under READ COMMITTED only';
  END IF;
  SELECT h.sequence, h.hash, h.authority INTO STRICT sequence, hash, authority FROM ledger_head h FOR UPDATE;
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
  SELECT h.sequence + 1, h.hash INTO STRICT sequence, hash FROM ledger_head h FOR UPDATE;
  at := clock_timestamp();
  leaf := ledger_leaf(sequence, epoch_micros(at), convert_to(body, 'UTF8'));
  hash := ledger_link(hash, leaf);
  INSERT INTO ledger VALUES (sequence, at, kind, id, agent, writ, body, leaf, hash);
  UPDATE ledger_head h SET sequence = ledger_add.sequence, hash = ledger_add.hash,
    authority = CASE WHEN changes_authority THEN ledger_add.sequence ELSE h.authority END;
END $$;

-- Of an agent with ancestors only: which of them stands in the way. One that is missing does.
CREATE FUNCTION ancestor_objection(lineage uuid[], at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  found_all boolean;
  killed boolean;
  expired boolean;
BEGIN
  SELECT count(*) = cardinality(ancestor_objection.lineage), bool_or(p.killed_at IS NOT NULL), bool_or(p.expires_at <= at)
  INTO found_all, killed, expired
  FROM agent p WHERE p.id = ANY (ancestor_objection.lineage);
  RETURN CASE WHEN killed THEN 'ancestor_killed' WHEN expired THEN 'ancestor_expired'
              WHEN found_all IS NOT TRUE THEN 'unknown' END;
END $$;

-- What stands against an agent at an instant: null, or the first of these words. jkt: null when no key was to be proven.
-- The key before the newest is good until its SVID ends, and not at all if nobody knows when that is.
-- A single expression, so that the planner inlines it.
CREATE FUNCTION agent_objection(a agent, jkt bytea, at timestamptz) RETURNS text
LANGUAGE sql STABLE
RETURN CASE
  WHEN a.id IS NULL THEN 'unknown'
  WHEN a.killed_at IS NOT NULL THEN 'killed'
  WHEN a.expires_at <= at THEN 'expired'
  WHEN jkt IS NOT NULL AND jkt IS DISTINCT FROM a.jkt
       AND (jkt = a.jkt_before AND a.jkt_before_until > at) IS NOT TRUE THEN 'key'
  WHEN a.parent IS NOT NULL THEN ancestor_objection(a.lineage, at)
END;

-- The slot of DPoP proofs that is two away from the present: a proof of it is older than any node accepts.
CREATE FUNCTION dpop_idle_slot(at timestamptz) RETURNS smallint
  LANGUAGE sql STABLE STRICT PARALLEL SAFE
  RETURN ((floor(extract(epoch FROM at) / 128)::bigint + 2) % 4)::smallint;

-- Empties the idle slot, and says whether there was anything in it. Several nodes may do so at once. Which slot is idle
-- is asked again once its partition is locked: a server that was halted in between wakes up in another slot's time.
CREATE FUNCTION dpop_empty_idle() RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET lock_timeout = '200ms'
AS $$
DECLARE
  slot smallint := dpop_idle_slot(clock_timestamp());
  used boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM dpop_proof_%s)', slot) INTO used;
  IF used THEN
    EXECUTE format('LOCK TABLE dpop_proof_%s IN ACCESS EXCLUSIVE MODE', slot);
    IF dpop_idle_slot(clock_timestamp()) = slot THEN
      EXECUTE format('TRUNCATE dpop_proof_%s', slot);
      RETURN true;
    END IF;
  END IF;
  RETURN false;
END $$;

-- Appends a batch in one round trip. The rows come as columns; place i of each array belongs to row i. Answers a verdict
-- for each row, in their order:
--   ok         appended
--   stale      judged by an old snapshot, agent revision or duty roster: judge again
--   replayed   its DPoP proof was used before, or is too old to know
--   not_open   a close whose intent is no longer open
--   otherwise  a word of agent_objection
-- and with them the new head and the time, which is that of every row. Rows that went in are numbered in their order
-- without a gap, up to last_sequence.
--
-- kind: issue | intent | close | again judge the agent; refuse | withhold do not.
--   issue     a credential made here: its writ is live from this row
--   intent    the target is about to be asked: its writ is open
--   close     the target answered: writ_state live (only while the agent may have it), refused or unknown
--   again     a live writ handed out once more
--   withhold  the target answered and the agent may no longer have it: ends the writ without judging
--   refuse    says only that something was refused
--
-- Plans are made once per connection, and for indexes: a plan made while the tables were small would stay when they are
-- not.
CREATE FUNCTION ledger_append(
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

  -- Judge. A verdict that is null stands for ok until the hashes are made.
  SELECT array_agg(j.objection ORDER BY j.i), array_agg(j.owner ORDER BY j.i), array_agg(j.enrolment ORDER BY j.i),
         count(jtis[j.i]) FILTER (WHERE j.objection IS NULL)
  INTO verdicts, owners, enrolments, proofs
  FROM (
    SELECT i, a.owner, a.enrolment,
      CASE WHEN kinds[i] IN ('refuse', 'withhold') THEN CASE WHEN slots[i] = idle THEN 'replayed' END
           ELSE coalesce(
             agent_objection(a, jkts[i], now_at),
             CASE WHEN slots[i] = idle THEN 'replayed'
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
