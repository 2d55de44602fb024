-- Credentials that are kept for one purpose only: to be ended at their target when their writ ends, or its agent.
-- minter: who can end it. sealed: its text under the envelope key. due: when to ask the target next, at first the end of
-- the writ. dies_at: the target's own end, after which nothing is left to be ended.
CREATE TABLE held (
  writ    uuid PRIMARY KEY REFERENCES writ,
  agent   uuid NOT NULL,
  minter  text NOT NULL,
  sealed  bytea NOT NULL,
  due     timestamptz NOT NULL,
  dies_at timestamptz NOT NULL,
  tries   integer NOT NULL DEFAULT 0
);
CREATE INDEX held_due ON held (due);
CREATE INDEX held_agent ON held (agent);
