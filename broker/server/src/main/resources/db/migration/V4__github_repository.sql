-- Which repository a name in policies means: the id that the name had when it was first asked for. Names can be taken over
-- by others, ids cannot. api: the root of the GitHub API. account, name: in lower case.
CREATE TABLE github_repository (
  api      text NOT NULL,
  account  text NOT NULL,
  name     text NOT NULL,
  id       bigint NOT NULL,
  bound_at timestamptz NOT NULL,
  PRIMARY KEY (account, name, api)
);
