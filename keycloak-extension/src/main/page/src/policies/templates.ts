import type { Policy } from "../model";

/** What policies often are for; the names in them are examples to be replaced. */
export const templates: { title: string; text: string; policy: Policy }[] = [
  {
    title: "Read code and comment on it",
    text: "Agents that review: they read repositories and write on pull requests.",
    policy: {
      name: "reviewer",
      description: "Reads code and comments on pull requests",
      lifetime: { agent: "1h", credential: "15m" },
      launch: ["keycloak/group:developers"],
      grants: [{ github: { account: "", repositories: [], permissions: { contents: "read", pull_requests: "write" } } }],
    },
  },
  {
    title: "Change code",
    text: "Agents that develop: they push branches and open pull requests.",
    policy: {
      name: "developer",
      description: "Pushes branches and opens pull requests",
      lifetime: { agent: "8h", credential: "1h" },
      launch: ["keycloak/group:developers"],
      grants: [{ github: { account: "", repositories: [], permissions: { contents: "write", pull_requests: "write", issues: "write", checks: "read" } } }],
    },
  },
  {
    title: "Use AWS",
    text: "Agents that work with a role's sessions, cut down to a few actions and resources.",
    policy: {
      name: "artifacts",
      description: "Reads build artifacts",
      lifetime: { agent: "12h", credential: "1h" },
      launch: ["keycloak/client:orchestrator"],
      grants: [{ aws: { role: "", allow: [{ actions: ["s3:GetObject", "s3:ListBucket"], resources: [] }] } }],
    },
  },
  {
    title: "Call your own services",
    text: "Agents that get tokens for a resource server of yours, with the scopes you name.",
    policy: {
      name: "deployer",
      description: "Reads the state of deployments",
      lifetime: { agent: "4h", credential: "5m" },
      launch: ["keycloak/group:platform"],
      grants: [{ internal: { audience: "", scopes: [] } }],
    },
  },
];
