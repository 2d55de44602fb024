import { FormSelect, FormSelectOption, TextInput } from "../../pf";
import { useEditing } from "./editing";
import { Field } from "./Field";

const units = { s: "seconds", m: "minutes", h: "hours", d: "days" } as const;
const LIFE = /^([0-9]*)([smhd])$/;

/** How long an agent lives, and each of its credentials. */
export function LifetimeFields() {
  const { vocabulary } = useEditing();
  const bounds = vocabulary?.bounds.lifetime;
  return (
    <div className="writ-pair">
      <Life
        member="agent"
        label="An agent lives for at most"
        help={`From its launch.${bounds ? ` Brokers allow up to ${inWords(bounds.agent)} unless set up otherwise.` : ""}`}
      />
      <Life
        member="credential"
        label="A credential lives for at most"
        help={`Then the agent asks again, and the policy is judged anew.${bounds ? ` Up to ${inWords(bounds.credential)}.` : ""}`}
      />
    </div>
  );
}

function Life({ member, label, help }: { member: "agent" | "credential"; label: string; help: string }) {
  const { policy, edit } = useEditing();
  const text = policy.lifetime[member];
  const parts = LIFE.exec(text);
  const set = (value: string) => edit((old) => ({ ...old, lifetime: { ...old.lifetime, [member]: value } }));
  const [amount, unit] = parts ? [parts[1] ?? "", parts[2] ?? "h"] : [text, "h"];
  return (
    <Field pointer={`/lifetime/${member}`} label={label} required help={help}>
      {(described) => (
        <div className="writ-life">
          <TextInput {...described} value={amount} inputMode="numeric" onChange={(_, value) => set(value.trim() + unit)} />
          <FormSelect value={unit} isDisabled={described.isDisabled} aria-label={`${label}: unit`} onChange={(_, value) => set(amount + value)}>
            {Object.entries(units).map(([value, word]) => (
              <FormSelectOption key={value} value={value} label={word} />
            ))}
          </FormSelect>
        </div>
      )}
    </Field>
  );
}

function inWords(life: string): string {
  const [, amount, unit] = LIFE.exec(life) ?? [];
  return amount && unit ? `${amount} ${amount === "1" ? units[unit as keyof typeof units].slice(0, -1) : units[unit as keyof typeof units]}` : life;
}
