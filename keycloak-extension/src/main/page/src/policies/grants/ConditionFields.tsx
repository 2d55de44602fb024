import { useState } from "react";
import MinusCircleIcon from "@patternfly/react-icons/dist/esm/icons/minus-circle-icon";
import type { Conditions } from "../../model";
import { Button, FormGroup, TextInput } from "../../pf";
import { AddButton } from "../editor/AddButton";
import { fieldId, useEditing, useProblems } from "../editor/editing";
import { Help } from "../editor/Field";

interface Row {
  operator: string;
  key: string;
  values: string;
}

interface Props {
  pointer: string;
  conditions: Conditions | undefined;
  set: (conditions: Conditions | undefined) => void;
}

const OPERATORS = [
  "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "Bool", "IpAddress", "NotIpAddress",
  "ArnEquals", "ArnLike", "NumericLessThan", "NumericLessThanEquals", "DateLessThan", "DateGreaterThan", "Null",
];

/** Conditions of a statement, one row for an operator and key. */
export function ConditionFields({ pointer, conditions, set }: Props) {
  const { readOnly } = useEditing();
  const problems = useProblems(pointer, true);
  const [rows, setRows] = useRows(conditions);
  const change = (next: Row[]) => { setRows(next); set(fromRows(next)); };
  const id = fieldId(pointer);
  return (
    <FormGroup label="Conditions" role="group" fieldId={id}>
      <div id={id} tabIndex={-1} role="presentation" className="writ-list">
        {rows.map((row, index) => (
          <div key={index} className="writ-line writ-condition" role="group" aria-label={`Condition ${index + 1}`}>
            {(["operator", "key", "values"] as const).map((member) => (
              <TextInput
                key={member}
                aria-label={`Condition ${index + 1}: ${member === "values" ? "values, separated by commas" : member}`}
                aria-describedby={`${id}:help`}
                value={row[member]}
                placeholder={{ operator: "StringEquals", key: "aws:RequestedRegion", values: "eu-central-1" }[member]}
                list={member === "operator" ? "condition-operators" : undefined}
                onChange={(_, text) => change(rows.map((old, other) => (other === index ? { ...old, [member]: text } : old)))}
                isDisabled={readOnly}
                spellCheck={false}
              />
            ))}
            {!readOnly && (
              <Button variant="plain" aria-label={`Remove condition ${index + 1}`} onClick={() => change(rows.filter((_, other) => other !== index))}>
                <MinusCircleIcon aria-hidden="true" />
              </Button>
            )}
          </div>
        ))}
        <datalist id="condition-operators">{OPERATORS.map((one) => <option key={one} value={one} />)}</datalist>
        <Help id={`${id}:help`} problems={problems.map((problem) => problem.message)} />
        {readOnly && rows.length === 0 && <span className="writ-quiet">None</span>}
        {!readOnly && <AddButton add={() => setRows([...rows, { operator: "StringEquals", key: "", values: "" }])}>Add a condition</AddButton>}
      </div>
    </FormGroup>
  );
}

/** The rows as typed, unfinished ones included; anew when the conditions were changed elsewhere. */
function useRows(conditions: Conditions | undefined): [Row[], (rows: Row[]) => void] {
  const [rows, setRows] = useState(() => toRows(conditions));
  const same = JSON.stringify(fromRows(rows) ?? {}) === JSON.stringify(conditions ?? {});
  return [same ? rows : toRows(conditions), setRows];
}

function toRows(conditions: Conditions = {}): Row[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({ operator, key, values: [values].flat().join(", ") })),
  );
}

function fromRows(rows: Row[]): Conditions | undefined {
  const conditions: Conditions = {};
  rows.filter(({ operator, key }) => operator && key).forEach(({ operator, key, values }) => {
    const list = values.split(",").map((value) => value.trim()).filter(Boolean);
    conditions[operator] = { ...conditions[operator], [key]: list.length === 1 ? (list[0] ?? "") : list };
  });
  return Object.keys(conditions).length > 0 ? conditions : undefined;
}
