import type { Writ } from "../api/agents";

/** What a credential is good for, in a line for each part. */
export function GoodFor({ writ }: { writ: Writ }) {
  return (
    <>
      {writ.grant.map((grant, index) => (
        <div key={index}>
          <strong>{writ.target}</strong> <span className="writ-small">{inWords(grant)}</span>
        </div>
      ))}
    </>
  );
}

function inWords(grant: Record<string, unknown>): string {
  const { type: _, ...members } = grant;
  return Object.values(members).map(flat).join(" · ");
}

function flat(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(flat).join(", ");
  }
  return typeof value === "object" && value !== null
    ? Object.entries(value).map(([key, member]) => `${key}: ${flat(member)}`).join("; ")
    : String(value);
}
