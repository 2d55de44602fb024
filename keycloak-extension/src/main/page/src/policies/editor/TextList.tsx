import { useRef, type ClipboardEvent, type KeyboardEvent } from "react";
import MinusCircleIcon from "@patternfly/react-icons/dist/esm/icons/minus-circle-icon";
import { Button, FormGroup, TextInput } from "../../pf";
import { fieldId, useEditing, useProblems } from "./editing";
import { Help } from "./Field";

interface Props {
  pointer: string;
  label: string;
  /** What one entry is: "repository". */
  one: string;
  values: string[];
  onChange: (values: string[]) => void;
  placeholder?: string;
  help?: string;
  required?: boolean;
}

/**
 * A list of texts, one line each, with an empty line at the end to add to. Enter goes to the next
 * line, and several lines that are pasted become several entries.
 */
export function TextList({ pointer, label, one, values, onChange, placeholder, help, required = false }: Props) {
  const { readOnly } = useEditing();
  const box = useRef<HTMLDivElement>(null);
  const own = useProblems(pointer);
  const id = fieldId(pointer);
  const change = (index: number, text: string) => {
    const next = [...values];
    next[index] = text;
    onChange(next);
  };
  const focus = (index: number) => box.current?.querySelectorAll("input")[index]?.focus();
  const remove = (index: number) => {
    onChange(values.filter((_, other) => other !== index));
    requestAnimationFrame(() => focus(index));
  };
  const press = (index: number, event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      focus(index + 1);
    }
  };
  const leave = (index: number) => {
    if (index < values.length && values[index]?.trim() === "") {
      onChange(values.filter((_, other) => other !== index));
    }
  };
  const paste = (index: number, event: ClipboardEvent) => {
    const lines = event.clipboardData.getData("text").split(/[\n,]/).map((line) => line.trim().replace(/^- /, "")).filter(Boolean);
    if (lines.length > 1) {
      event.preventDefault();
      onChange([...values.slice(0, index), ...lines, ...values.slice(index + 1)]);
    }
  };
  const rows = readOnly ? values : [...values, ""];
  return (
    <FormGroup label={label} role="group" fieldId={id} isRequired={required}>
      <div ref={box} id={id} tabIndex={-1} className="writ-list" role="presentation">
        {rows.map((value, index) => (
          <Line
            key={index}
            pointer={`${pointer}/${index}`}
            label={index < values.length ? `${label}, entry ${index + 1}` : `Add ${/^[aeiou]/.test(one) ? "an" : "a"} ${one}`}
            value={value}
            placeholder={index === values.length ? placeholder : undefined}
            onChange={(text) => change(index, text)}
            onBlur={() => leave(index)}
            onPaste={(event) => paste(index, event)}
            onKeyDown={(event) => press(index, event)}
            remove={index < values.length && !readOnly ? () => remove(index) : undefined}
          />
        ))}
        {rows.length === 0 && <span className="writ-quiet">None</span>}
      </div>
      <Help id={`${id}:help`} help={help} problems={own.map((problem) => problem.message)} />
    </FormGroup>
  );
}

interface LineProps {
  pointer: string;
  label: string;
  value: string;
  placeholder: string | undefined;
  onChange: (text: string) => void;
  onBlur: () => void;
  onPaste: (event: ClipboardEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  remove: (() => void) | undefined;
}

function Line({ pointer, label, value, placeholder, onChange, onBlur, onPaste, onKeyDown, remove }: LineProps) {
  const { readOnly } = useEditing();
  const problems = useProblems(pointer, true);
  const id = fieldId(pointer);
  return (
    <div>
      <div className="writ-line">
        <TextInput
          id={id}
          aria-label={label}
          aria-describedby={problems.length > 0 ? `${id}:help` : undefined}
          value={value}
          placeholder={placeholder}
          onChange={(_, text) => onChange(text)}
          onBlur={onBlur}
          onPaste={onPaste}
          onKeyDown={onKeyDown}
          validated={problems.length > 0 ? "error" : "default"}
          isDisabled={readOnly}
          spellCheck={false}
          autoComplete="off"
        />
        {remove ? (
          <Button variant="plain" onClick={remove} aria-label={`Remove ${value || label}`}><MinusCircleIcon aria-hidden="true" /></Button>
        ) : (
          <span className="writ-line-gap" />
        )}
      </div>
      {problems.length > 0 && <Help id={`${id}:help`} problems={problems.map((problem) => problem.message)} />}
    </div>
  );
}
