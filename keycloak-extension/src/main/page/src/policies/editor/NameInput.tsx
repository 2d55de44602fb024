import { useState } from "react";
import { useApi } from "../../api/api";
import type { Named } from "../../api/realm";
import { ComboBox } from "../../components/ComboBox";
import { useLoad, useSettled, valueOf } from "../../hooks";
import { TextInput } from "../../pf";

type Kind = Named | "client";

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

/** The name of a user, group or client of this realm, which suggests the users and groups that there are. */
export function NameInput({ id, kind, value, onChange, label, describedBy, invalid, disabled }: Props) {
  const field = {
    id,
    value,
    placeholder: examples[kind],
    validated: invalid ? ("error" as const) : ("default" as const),
    isDisabled: disabled,
    "aria-label": label,
    "aria-describedby": describedBy,
  };
  return kind === "client" ? (
    <TextInput {...field} onChange={(_, next) => onChange(next)} spellCheck={false} autoComplete="off" />
  ) : (
    <Suggesting key={kind} kind={kind} field={field} onChange={onChange} />
  );
}

type Field = Omit<Parameters<typeof ComboBox>[0], "onChange" | "names" | "onAsk">;

function Suggesting({ kind, field, onChange }: { kind: Named; field: Field; onChange: (value: string) => void }) {
  const { realm } = useApi();
  const [asks, setAsks] = useState(false);
  const search = useSettled(field.value, 250);
  const [load] = useLoad(asks ? `for ${search}` : "", (signal) => (asks ? realm.names(kind, search, signal) : Promise.resolve([])));
  // While the next ones are on their way, those of before that still fit.
  const names = (valueOf(load) ?? []).filter((name) => name.toLowerCase().includes(field.value.trim().toLowerCase()));
  return <ComboBox {...field} onChange={onChange} names={names} onAsk={setAsks} />;
}
