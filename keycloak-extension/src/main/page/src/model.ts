/** A policy as Keycloak holds it: the policy language in JSON (docs/policy.md). */
export interface Policy {
  name: string;
  description?: string;
  lifetime: { agent: string; credential: string };
  launch: string[];
  owners?: string[];
  delegation?: Delegation;
  grants: Grant[];
}

export interface Delegation {
  depth: number;
  policies: string[];
}

export type Grant = { github: GitHubGrant } | { aws: AwsGrant } | { internal: InternalGrant };

export type Target = "github" | "aws" | "internal";

export interface GitHubGrant {
  account: string;
  /** `*` stands for every repository of the installation. */
  repositories: string[] | "*";
  permissions: Record<string, string>;
  "i-know"?: string;
}

export interface AwsGrant {
  role: string;
  allow: Statement[];
}

export interface Statement {
  actions: string[];
  resources: string[];
  conditions?: Conditions;
  "i-know"?: string;
}

/** Operator, key, value or values: as IAM writes them. */
export type Conditions = Record<string, Record<string, string | string[]>>;

export interface InternalGrant {
  audience: string;
  scopes: string[];
}

/** What is edited: a document in JSON or the text of one. */
export type Source = { policy: Policy } | { yaml: string };

export function targetOf(grant: Grant): Target {
  return "github" in grant ? "github" : "aws" in grant ? "aws" : "internal";
}

/** How people call a target. */
export const targetNames: Record<Target, string> = {
  github: "GitHub",
  aws: "AWS",
  internal: "Internal service",
};

export function emptyPolicy(): Policy {
  return {
    name: "",
    lifetime: { agent: "8h", credential: "1h" },
    launch: [],
    grants: [],
  };
}

export function emptyGrant(target: Target): Grant {
  switch (target) {
    case "github":
      return { github: { account: "", repositories: [], permissions: { contents: "read" } } };
    case "aws":
      return { aws: { role: "", allow: [{ actions: [], resources: [] }] } };
    case "internal":
      return { internal: { audience: "", scopes: [] } };
  }
}

/** The server's JSON of a policy, with the one notation of `*` that the form knows. */
export function normal(policy: Policy): Policy {
  return {
    ...policy,
    launch: policy.launch ?? [],
    grants: (policy.grants ?? []).map((grant) => {
      if (!("github" in grant)) {
        return grant;
      }
      const { repositories } = grant.github;
      const one = typeof repositories === "string" ? [repositories] : repositories;
      const all = one.length === 1 && one[0] === "*";
      return { github: { ...grant.github, repositories: all ? "*" : one } };
    }),
  };
}

/** Without the members that say nothing and the rows that were left empty. */
export function tidy(policy: Policy): Policy {
  const { description, owners, delegation, ...rest } = policy;
  const filled = owners?.filter(said) ?? [];
  return {
    name: rest.name,
    ...(description ? { description } : {}),
    lifetime: rest.lifetime,
    launch: rest.launch.filter(said),
    ...(filled.length > 0 ? { owners: filled } : {}),
    ...(delegation ? { delegation: { ...delegation, policies: delegation.policies.filter(said) } } : {}),
    grants: rest.grants.map(tidyGrant),
  };
}

function tidyGrant(grant: Grant): Grant {
  if ("github" in grant) {
    const { account, repositories, ...rest } = grant.github;
    return {
      github: reasoned({ account, repositories: repositories === "*" ? "*" : repositories.filter(said), ...rest }),
    };
  }
  if ("aws" in grant) {
    return { aws: { ...grant.aws, allow: grant.aws.allow.map(tidyStatement) } };
  }
  return { internal: { ...grant.internal, scopes: grant.internal.scopes.filter(said) } };
}

function tidyStatement({ conditions, ...statement }: Statement): Statement {
  const some = conditions && Object.keys(conditions).length > 0;
  return reasoned({
    ...statement,
    actions: statement.actions.filter(said),
    resources: statement.resources.filter(said),
    ...(some ? { conditions } : {}),
  });
}

function reasoned<T extends { "i-know"?: string }>(value: T): T {
  const { "i-know": reason, ...rest } = value;
  return (reason ? { ...rest, "i-know": reason } : rest) as T;
}

function said(text: string): boolean {
  return text.trim() !== "";
}
