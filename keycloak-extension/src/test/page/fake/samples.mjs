/** Made-up content: a realm as it could be after some weeks. */

const operator = {
  name: "operator",
  description: "Deploys for the platform team",
  lifetime: { agent: "12h", credential: "1h" },
  launch: ["keycloak/group:platform", "keycloak/client:orchestrator", "agent"],
  owners: ["group:platform"],
  delegation: { depth: 2, policies: ["operator", "reviewer"] },
  grants: [
    { github: { account: "acme", repositories: ["acme/api", "acme/web"], permissions: { contents: "write", pull_requests: "write" } } },
    { aws: { role: "arn:aws:iam::123456789012:role/agents", allow: [{ actions: ["s3:GetObject", "s3:ListBucket"], resources: ["arn:aws:s3:::build-artifacts", "arn:aws:s3:::build-artifacts/*"], conditions: { StringEquals: { "aws:RequestedRegion": "eu-central-1" } } }] } },
    { internal: { audience: "https://deploy.internal", scopes: ["deploy:read", "deploy:staging"] } },
  ],
};

const indexer = {
  name: "indexer",
  description: "Reads all code for the search index, every night",
  lifetime: { agent: "24h", credential: "1h" },
  launch: ["keycloak/client:search"],
  grants: [{ github: { account: "acme", repositories: "*", permissions: { contents: "read", members: "read" }, "i-know": "the search index covers all our code" } }],
};

const reviewer = {
  name: "reviewer",
  description: "Reads code and comments on pull requests",
  lifetime: { agent: "1h", credential: "15m" },
  launch: ["agent", "keycloak/group:developers"],
  grants: [{ github: { account: "acme", repositories: ["acme/api"], permissions: { contents: "read", pull_requests: "write" } } }],
};

const deployer = {
  name: "deployer",
  lifetime: { agent: "4h", credential: "5m" },
  launch: ["keycloak/group:platform"],
  grants: [{ internal: { audience: "https://deploy.internal", scopes: ["deploy:read"] } }],
};

const at = (hours) => new Date(Date.now() - hours * 3_600_000).toISOString();

export function policies() {
  const first = { ...operator, owners: undefined, grants: [{ github: { ...operator.grants[0].github, repositories: ["acme/api"], permissions: { contents: "read" } } }] };
  const second = { ...operator, lifetime: { agent: "8h", credential: "1h" }, grants: operator.grants.slice(0, 2) };
  return new Map([
    ["operator", [
      { version: 1, author: "user:grace", at: at(900), comment: "First try", deleted: false, policy: JSON.parse(JSON.stringify(first)) },
      { version: 2, author: "user:ada", at: at(700), comment: "Agents may push, and read artifacts", deleted: false, policy: second },
      { version: 3, author: "user:ada", at: at(30), comment: "Staging deployments", deleted: false, policy: operator },
    ]],
    ["indexer", [{ version: 1, author: "user:grace", at: at(400), comment: "For the search index", deleted: false, policy: indexer }]],
    ["reviewer", [{ version: 4, author: "user:ada", at: at(5), comment: "Comments only", deleted: false, policy: reviewer }]],
    ["deployer", [{ version: 2, author: "user:grace", at: at(50), deleted: false, policy: deployer }]],
    ["prototype", [
      { version: 1, author: "user:grace", at: at(2000), comment: "An experiment", deleted: false, policy: { ...reviewer, name: "prototype", description: "An experiment" } },
      { version: 2, author: "user:grace", at: at(1900), comment: "Over", deleted: true, policy: { ...reviewer, name: "prototype", description: "An experiment" } },
    ]],
  ]);
}

export function many(count) {
  return new Map(Array.from({ length: count }, (_, n) => {
    const name = `team-${String(n + 1).padStart(4, "0")}`;
    return [name, [{ version: 1, author: "user:ada", at: at(n), deleted: false, policy: { ...reviewer, name, description: `Policy of team ${n + 1}` } }]];
  }));
}

const left = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();
const base = { lineage: [], labels: {}, launcher: "keycloak/client:orchestrator", launched_policy: "operator@3", policy: "operator@3", owner: "group:platform", accountable: "user:ada", state: "live" };

export function agents() {
  return [
    { ...base, id: "0b54b0a5-8f8e-4c1c-9d07-2f1d3f6f0a01", task: "Fix the flaky deployment test", launched_at: at(2), expires_at: left(598), context: { harness: "claude-code", session: "s-4711", model: "large" }, requested_by: { person: "user:ada", claimed: false }, labels: { ticket: "PLAT-4711" } },
    { ...base, id: "1c65c1b6-8f8e-4c1c-9d07-2f1d3f6f0a02", task: "Review the change of the login page", policy: "reviewer@4", launched_policy: "reviewer@4", parent: "0b54b0a5-8f8e-4c1c-9d07-2f1d3f6f0a01", launcher: "agent", launched_at: at(0.2), expires_at: left(47) },
    { ...base, id: "2d76d2c7-8f8e-4c1c-9d07-2f1d3f6f0a03", task: "Nightly index", policy: "indexer@1", launched_policy: "indexer@1", owner: "user:grace", accountable: "user:grace", launched_at: at(20), expires_at: left(4.2) },
    { ...base, id: "3e87e3d8-8f8e-4c1c-9d07-2f1d3f6f0a04", task: "Update dependencies", state: "killed", launched_at: at(5), expires_at: left(300), killed: { at: at(1), by: "user:grace", reason: "Opened forty pull requests" } },
  ];
}

export function writs(agent) {
  const one = (n, more) => ({ writ: `5f0c1b7e-0000-4000-8000-00000000000${n}`, agent, policy: "operator@3", owner: "group:platform", accountable: "user:ada", state: "live", issued_at: at(0.3), expires_at: left(41), ...more });
  return [
    one(1, { target: "github", grant: [{ type: "github", repositories: ["acme/api"], permissions: { contents: "write" } }] }),
    one(2, { target: "aws", grant: [{ type: "aws", role: "arn:aws:iam::123456789012:role/agents", allow: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::build-artifacts/*"] }] }], expires_at: left(25) }),
    one(3, { target: "internal", grant: [{ type: "internal", audience: "https://deploy.internal", scopes: ["deploy:read"] }], state: "expired", issued_at: at(2), expires_at: at(1) }),
  ];
}

export function describe(policy) {
  const targets = [...new Set(policy.grants.flatMap((grant) => Object.keys(grant)))];
  return { description: policy.description, targets };
}
