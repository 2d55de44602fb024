import type { Policy } from "../../model";

type Tree = string | number | boolean | Tree[] | { [key: string]: Tree };

/** What YAML reads as a string without quotes, words, names, ARNs and lifetimes at least. */
const PLAIN = /^([A-Za-z]([A-Za-z0-9 _./@+:*?-]*[A-Za-z0-9_./@+*?-])?|[1-9][0-9]*[smhd])$/;
const NOT_PLAIN = /: |^(true|false|null|yes|no|on|off)$/i;

/**
 * Prints a draft as YAML, sound or not, in the order in which it was typed. Nothing here reads
 * YAML: the server does.
 */
export function printYaml(policy: Policy): string {
  const { name, description, lifetime, launch, owners, delegation, grants } = policy;
  const ordered = { name, description, lifetime, launch, owners, delegation, grants };
  return block(JSON.parse(JSON.stringify(ordered)) as Tree, "").replace(/^\n/, "") + "\n";
}

/** Prints anything that came as JSON, such as what a policy grants, in the same way. */
export function asYaml(value: unknown): string {
  return block(value as Tree, "").trim();
}

function block(tree: Tree, indent: string): string {
  if (Array.isArray(tree)) {
    return tree.length === 0
      ? " []"
      : tree.map((item) => `\n${indent}-${inItem(item, indent)}`).join("");
  }
  if (typeof tree === "object") {
    const members = Object.entries(tree);
    return members.length === 0
      ? " {}"
      : members.map(([key, value]) => `\n${indent}${scalar(key)}:${block(value, nested(value, indent))}`).join("");
  }
  return ` ${scalar(tree)}`;
}

/** A list stands as deep as its key, a map two deeper. */
function nested(value: Tree, indent: string): string {
  return Array.isArray(value) ? indent : `${indent}  `;
}

function inItem(item: Tree, indent: string): string {
  const text = block(item, `${indent}  `);
  return text.startsWith("\n") ? ` ${text.slice(indent.length + 3)}` : text;
}

function scalar(value: string | number | boolean): string {
  if (typeof value !== "string") {
    return String(value);
  }
  return PLAIN.test(value) && !NOT_PLAIN.test(value) ? value : JSON.stringify(value);
}
