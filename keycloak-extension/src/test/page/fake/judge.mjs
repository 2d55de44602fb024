import { parse, stringify, LineCounter, parseDocument } from "yaml";

/** Enough of the policy language for the page's stories. The real rules are tested in broker/policy. */
export function read(source) {
  if (source.policy) {
    return { policy: source.policy, problems: problemsOf(source.policy, () => ({})) };
  }
  const lines = new LineCounter();
  const document = parseDocument(source.yaml, { lineCounter: lines });
  if (document.errors.length > 0) {
    const { line, col } = lines.linePos(document.errors[0].pos[0]);
    return { policy: undefined, problems: [{ pointer: "", line, column: col, message: document.errors[0].message.split("\n")[0] }] };
  }
  const policy = parse(source.yaml);
  const at = (pointer) => {
    const node = document.getIn(pointer.split("/").slice(1).map((part) => (/^\d+$/.test(part) ? Number(part) : part)), true);
    const position = node?.range ? lines.linePos(node.range[0]) : { line: 1, col: 1 };
    return { line: position.line, column: position.col };
  };
  const problems = problemsOf(policy, at);
  return { policy: problems.length === 0 ? policy : undefined, problems };
}

function problemsOf(policy, at) {
  const problems = [];
  const wrong = (pointer, message) => problems.push({ pointer, ...at(pointer), message });
  if (!/^[a-z0-9-]{1,63}$/.test(policy.name ?? "")) {
    wrong("/name", "Expected 1 to 63 of a-z, 0-9 and hyphens.");
  }
  for (const member of ["agent", "credential"]) {
    if (!/^[1-9][0-9]*[smhd]$/.test(policy.lifetime?.[member] ?? "")) {
      wrong(`/lifetime/${member}`, "Expected a whole number and s, m, h or d, such as 12h.");
    }
  }
  (policy.launch ?? []).forEach((rule, index) => {
    if (!/^(agent|operator|[a-z0-9-]+\/(user|group|client):.+)$/.test(rule)) {
      wrong(`/launch/${index}`, "Expected a name after the colon, such as keycloak/group:platform.");
    }
  });
  (policy.grants ?? []).forEach((grant, index) => grantProblems(grant, `/grants/${index}`, wrong));
  return problems;
}

function grantProblems(grant, pointer, wrong) {
  if (grant.github) {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(grant.github.account)) {
      wrong(`${pointer}/github/account`, "Expected a GitHub account, such as acme.");
    }
    const all = [grant.github.repositories].flat();
    all.forEach((name, index) => {
      if (name !== "*" && !/^[^/]+\/[^/]+$/.test(name)) {
        wrong(`${pointer}/github/repositories/${index}`, `Expected owner/name, got "${name}".`);
      }
    });
    if (all.includes("*") && !grant.github["i-know"]) {
      wrong(`${pointer}/github`, "\"*\" means every repository of the installation, later ones included. If that is meant, say why in i-know.");
    }
  }
  if (grant.aws && !/^arn:aws:iam::\d{12}:role\/.+$/.test(grant.aws.role)) {
    wrong(`${pointer}/aws/role`, "Expected the ARN of a role, such as arn:aws:iam::123456789012:role/agents.");
  }
  if (grant.internal && !grant.internal.audience) {
    wrong(`${pointer}/internal/audience`, "Expected an audience.");
  }
}

export function flags(policy) {
  return (policy?.grants ?? []).flatMap((grant, index) => {
    const found = [];
    if (grant.github && [grant.github.repositories].flat().includes("*")) {
      found.push({ severity: "danger", grant: index, message: `"*" means every repository of the installation, later ones included (i-know: ${grant.github["i-know"]})` });
    }
    if (grant.github?.permissions.members) {
      found.push({ severity: "warning", grant: index, message: "members reaches beyond the listed repositories" });
    }
    (grant.aws?.allow ?? []).forEach((statement) => statement.actions.filter((action) => /^(iam|sts):/.test(action)).forEach((action) =>
      found.push({ severity: "danger", grant: index, message: `action ${action} can give away more authority (i-know: ${statement["i-know"] ?? ""})` })));
    return found;
  });
}

export function aws(policy) {
  return (policy?.grants ?? []).flatMap((grant, index) => (grant.aws ? [{ grant: index, characters: JSON.stringify(grant.aws.allow).length + 60, limit: 2048 }] : []));
}

export const yaml = (policy) => stringify(policy, { lineWidth: 120 });

/** Leaf by leaf; lists entry by entry. */
export function changes(before, after) {
  const [was, is] = [leaves(before), leaves(after)];
  const texts = [];
  for (const [key, value] of is) {
    if (!was.has(key)) {
      texts.push({ pointer: pointer(key), after: value, effect: widens(key) ? "wider" : "other", text: gained(key, value, after) });
    } else if (was.get(key) !== value) {
      texts.push({ pointer: pointer(key), before: was.get(key), after: value, effect: effect(key, was.get(key), value), text: key.startsWith("/lifetime") ? `${label(key).split(" ").pop()}s live up to ${value}, before ${was.get(key)}` : `${label(key)} changed` });
    }
  }
  for (const [key, value] of was) {
    if (!is.has(key)) {
      texts.push({ pointer: pointer(key), before: value, effect: widens(key) ? "narrower" : "other", text: `${label(key)} is gone` });
    }
  }
  return texts;
}

function gained(key, value, policy) {
  const [, grant] = /^\/grants\/(\d+)\/github\/repositories=/.exec(key) ?? [];
  return grant === undefined
    ? `${label(key)} is new`
    : `${value}: ${Object.entries(policy.grants[grant].github.permissions).map(([name, level]) => `${name} none → ${level}`).join(", ")}`;
}

const widens = (key) => !key.startsWith("/description");
const pointer = (key) => key.replace(/=.*$/, "");
const label = (key) => pointer(key).split("/").slice(1).filter((part) => !/^\d+$/.test(part)).join(" › ");
const effect = (key, before, after) => (key.startsWith("/lifetime") ? (seconds(after) > seconds(before) ? "wider" : "narrower") : key.includes("permissions") ? (after === "read" ? "narrower" : "wider") : "other");
const seconds = (life) => Number.parseInt(life) * { s: 1, m: 60, h: 3600, d: 86400 }[life.at(-1)];

function leaves(value, path = "", found = new Map()) {
  if (Array.isArray(value)) {
    value.forEach((item, index) => (typeof item === "object" ? leaves(item, `${path}/${index}`, found) : found.set(`${path}=${item}`, item)));
  } else if (typeof value === "object" && value !== null) {
    Object.entries(value).forEach(([key, member]) => leaves(member, `${path}/${key}`, found));
  } else {
    found.set(path, value);
  }
  return found;
}

export function preview(policy, request) {
  if (request.type !== "github") {
    const grant = policy.grants.find((one) => one.internal?.audience === request.audience && request.audience);
    return grant ? { allowed: true, granted: { ...request, scopes: request.scopes ?? grant.internal.scopes } } : denial(request, [], "audience", "This policy names no such audience.");
  }
  const grants = policy.grants.filter((grant) => grant.github).map((grant) => grant.github);
  const outside = (request.repositories ?? []).filter((name) => !grants.some((grant) => [grant.repositories].flat().some((one) => one === "*" || one === name)));
  if (outside.length > 0) {
    return denial(request, grants.map(({ repositories, permissions }) => ({ type: "github", repositories: [repositories].flat(), permissions })), "repositories", `${outside.join(", ")} is not among the repositories of this policy. Ask for those that are.`);
  }
  return { allowed: true, granted: { ...request, permissions: request.permissions ?? grants[0].permissions } };
}

const denial = (requested, allowed, rule, hint) => ({ allowed: false, denial: { requested: [requested], allowed, rule, hint } });
