import { useState } from "react";
import { useApi } from "../../api/api";
import { useLoad, useSettled, valueOf } from "../../hooks";
import { TextInput } from "../../pf";

type Kind = "group" | "user" | "client";

interface Props {
  id: string;
  kind: Kind;
  value: string;
  onChange: (value: string) => void;
  label: string;
  describedBy?: string;
  invalid: boolean;
  disabled: boolean;
}

const examples: Record<Kind, string> = { group: "platform/deploy", user: "ada", client: "orchestrator" };

/** The name of a user, group or client of this realm, which suggests the groups that there are. */
export function NameInput({ id, kind, value, onChange, label, describedBy, invalid, disabled }: Props) {
  const { realm } = useApi();
  const [typing, setTyping] = useState(false);
  const text = useSettled(value, 250);
  const suggests = typing && kind === "group";
  const [load] = useLoad(suggests ? text : "", (signal) => (suggests ? realm.groups(text, signal) : Promise.resolve([])));
  const names = valueOf(load) ?? [];
  return (
    <>
      <TextInput
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        value={value}
        list={kind === "group" ? `${id}:names` : undefined}
        placeholder={examples[kind]}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        onChange={(_, next) => onChange(next)}
        validated={invalid ? "error" : "default"}
        isDisabled={disabled}
        spellCheck={false}
        autoComplete="off"
      />
      {kind === "group" && (
        <datalist id={`${id}:names`}>
          {names.map((name) => <option key={name} value={name} />)}
        </datalist>
      )}
    </>
  );
}
