import { useRef } from "react";
import MinusCircleIcon from "@patternfly/react-icons/dist/esm/icons/minus-circle-icon";
import { Button, FormSelect, FormSelectOption, TextInput } from "../../pf";
import { AddButton } from "./AddButton";
import { fieldId, useEditing, useProblems } from "./editing";
import { Help } from "./Field";
import { NameInput } from "./NameInput";
import { LAUNCHER, launchKinds, readRule, writeRule, type LaunchKind, type LaunchRule } from "./principals";
import { Section } from "./Section";

/** Who may launch agents under this policy. */
export function LaunchSection() {
  const { policy, edit, readOnly } = useEditing();
  const box = useRef<HTMLDivElement>(null);
  const problems = useProblems("/launch");
  const set = (launch: string[]) => edit((old) => ({ ...old, launch }));
  const rules = policy.launch;
  const focus = (index: number) =>
    requestAnimationFrame(() => box.current?.querySelectorAll<HTMLElement>("select[data-first]")[index]?.focus());
  return (
    <Section
      id="launch"
      title="Who may launch"
      intro="People and workloads log in with this realm and launch agents under this policy. Parent agents launch children whose policy lists them here."
    >
      <div ref={box} id={fieldId("/launch")} tabIndex={-1} role="group" aria-labelledby="launch" aria-describedby="launch-help" className="writ-list">
        {rules.map((text, index) => (
          <Rule
            key={index}
            index={index}
            text={text}
            set={(next) => set(rules.map((old, other) => (other === index ? next : old)))}
            remove={() => { set(rules.filter((_, other) => other !== index)); focus(Math.max(0, index - 1)); }}
          />
        ))}
        {rules.length === 0 && <p className="writ-quiet">Nobody yet: no agent can be launched under this policy.</p>}
        <Help id="launch-help" problems={problems.map((problem) => problem.message)} />
        {!readOnly && <AddButton add={() => { set([...rules, `${LAUNCHER}/group:`]); focus(rules.length); }}>Add who may launch</AddButton>}
      </div>
    </Section>
  );
}

function Rule({ index, text, set, remove }: { index: number; text: string; set: (text: string) => void; remove: () => void }) {
  const { readOnly } = useEditing();
  const pointer = `/launch/${index}`;
  const id = fieldId(pointer);
  const problems = useProblems(pointer, true);
  const rule = readRule(text);
  const change = (part: Partial<LaunchRule>) => set(writeRule({ ...rule, ...part }));
  const plain = rule.kind === "agent" || rule.kind === "operator";
  const nth = `Launch rule ${index + 1}`;
  const invalid = problems.length > 0;
  return (
    <div role="group" aria-label={nth}>
      <div className="writ-line writ-rule">
        <FormSelect
          data-first
          id={plain ? id : undefined}
          aria-label={`${nth}: who`}
          value={rule.kind}
          isDisabled={readOnly}
          onChange={(_, kind) => change({ kind: kind as LaunchKind })}
        >
          {(Object.keys(launchKinds) as LaunchKind[])
            .filter((kind) => kind !== "other" || rule.kind === "other")
            .map((kind) => <FormSelectOption key={kind} value={kind} label={launchKinds[kind]} />)}
        </FormSelect>
        {rule.kind === "other" && (
          <TextInput id={id} aria-label={`${nth}: text`} value={rule.who} onChange={(_, who) => change({ who })} validated={invalid ? "error" : "default"} isDisabled={readOnly} />
        )}
        {(rule.kind === "group" || rule.kind === "user" || rule.kind === "client") && (
          <>
            <NameInput
              id={id} kind={rule.kind} value={rule.who} onChange={(who) => change({ who })} label={`${nth}: name of the ${rule.kind}`}
              describedBy={`${id}:help`} invalid={invalid} disabled={readOnly}
            />
            <label className="writ-inline-label">
              <span>at login</span>
              <TextInput value={rule.launcher} aria-label={`${nth}: the broker's name for this login`} onChange={(_, launcher) => change({ launcher })} isDisabled={readOnly} />
            </label>
          </>
        )}
        {plain && <span className="writ-grow writ-quiet">{rule.kind === "agent" ? "whose own policy lists this one under delegation" : "of a broker without any login set up"}</span>}
        {!readOnly && <Button variant="plain" onClick={remove} aria-label={`Remove ${nth.toLowerCase()}`}><MinusCircleIcon aria-hidden="true" /></Button>}
      </div>
      <Help id={`${id}:help`} problems={problems.map((problem) => problem.message)} />
    </div>
  );
}
