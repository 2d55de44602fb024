import type { Change } from "../api/policies";
import { count } from "../times";
import { EffectLabel } from "./Effect";

/** What differs between two versions, and whether it allows more or less. */
export function Changes({ changes }: { changes: Change[] }) {
  if (changes.length === 0) {
    return <p className="writ-quiet">Nothing differs.</p>;
  }
  return (
    <ul className="writ-changes">
      {changes.map((change) => (
        <li key={change.pointer + change.text}>
          <span><EffectLabel effect={change.effect} /></span>
          <div className="writ-change-text">
            {change.text}
            <Values {...change} />
          </div>
        </li>
      ))}
    </ul>
  );
}

/** What was and what is, where the text does not say so already. */
function Values({ before, after, text }: Change) {
  const [was, is] = [short(before), short(after)].map((value) => (text.includes(value) ? "" : value));
  return was || is ? (
    <div className="writ-values">
      {was && <del><span className="pf-v5-screen-reader">before: </span>{was}</del>}
      {is && <ins><span className="pf-v5-screen-reader">after: </span>{is}</ins>}
    </div>
  ) : null;
}

const LONG = 160;

/** Of single values; for whole grants the text tells more than their JSON. */
function short(value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

/** How many of each kind, in a sentence. */
export function summary(changes: Change[]): string {
  const of = (effect: string) => changes.filter((change) => change.effect === effect).length;
  const [wider, narrower] = [of("wider"), of("narrower")];
  if (changes.length === 0) {
    return "Nothing differs in what this policy says.";
  }
  const rest = changes.length - wider - narrower;
  const parts = [
    ...(wider > 0 ? [`${count(wider, "change")} that ${wider === 1 ? "allows" : "allow"} more`] : []),
    ...(narrower > 0 ? [`${count(narrower, "change")} that ${narrower === 1 ? "allows" : "allow"} less`] : []),
    ...(rest > 0 ? [count(rest, "other change")] : []),
  ];
  return `${parts.join(", ")}.`;
}
