import { compareLines } from "./lineDiff";

const marks = { same: " ", gone: "−", new: "+" };
const read = { same: "", gone: "removed: ", new: "added: " };

/** Two texts line by line; what went and what came is marked by sign and colour, and read out. */
export function Lines({ before, after }: { before: string; after: string }) {
  return (
    <div className="writ-code" tabIndex={0} role="region" aria-label="Lines that differ">
      {compareLines(before, after).map(({ kind, text }, index) => (
        <div key={index} className={`writ-${kind}-line`}>
          <span aria-hidden="true" className="writ-mark">{marks[kind]}</span>
          <span className="pf-v5-screen-reader">{read[kind]}</span>
          {text}
        </div>
      ))}
    </div>
  );
}
