import { useRef, type UIEvent } from "react";
import type { Problem } from "../../api/http";
import { HelperText, HelperTextItem } from "../../pf";
import type { Draft } from "./draft";

const ID = "yaml-text";

/** The draft as text: what is typed here shows in the form as soon as the server could read it. */
export function YamlEditor({ draft, readOnly, problems }: { draft: Draft; readOnly: boolean; problems: Problem[] }) {
  const lines = useRef<HTMLPreElement>(null);
  const follow = (event: UIEvent<HTMLTextAreaElement>) => {
    if (lines.current) {
      lines.current.scrollTop = event.currentTarget.scrollTop;
    }
  };
  const wrong = new Set(problems.map((problem) => problem.line));
  const count = draft.yaml.split("\n").length;
  return (
    <div className="writ-stack">
      <p className="writ-quiet">
        The same policy as text, in the form that policy files have. Comments are not kept: Keycloak stores what a policy says, not
        how it was written.
      </p>
      <label htmlFor={ID} className="pf-v5-screen-reader">Policy as YAML</label>
      <div className="writ-yaml">
        <pre ref={lines} aria-hidden="true" className="writ-lines">
          {Array.from({ length: count }, (_, at) => (
            <span key={at} className={wrong.has(at + 1) ? "writ-wrong-line" : undefined}>{at + 1}</span>
          ))}
        </pre>
        <textarea
          id={ID}
          value={draft.yaml}
          onChange={(event) => draft.editYaml(event.target.value)}
          onScroll={follow}
          readOnly={readOnly}
          aria-invalid={problems.length > 0}
          aria-describedby="yaml-help"
          rows={Math.max(16, count + 1)}
          spellCheck={false}
          autoComplete="off"
          wrap="off"
        />
      </div>
      <HelperText id="yaml-help">
        {draft.yamlLeads && problems.map((problem) => (
          <HelperTextItem key={problem.pointer + problem.message} variant="error" hasIcon>
            {problem.line !== undefined && `Line ${problem.line}: `}{problem.message}
          </HelperTextItem>
        ))}
      </HelperText>
    </div>
  );
}

/** Puts the caret at a line and column, both counted from 1. */
export function focusLine(line: number, column: number): void {
  const area = document.getElementById(ID);
  if (area instanceof HTMLTextAreaElement) {
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(before + column - 1, before + column - 1);
  }
}
