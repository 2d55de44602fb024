import { useRef, useState } from "react";
import MinusCircleIcon from "@patternfly/react-icons/dist/esm/icons/minus-circle-icon";
import { Button, FormGroup, FormSelect, FormSelectOption } from "../../pf";
import { AddButton } from "../editor/AddButton";
import { fieldId, useEditing, useProblems } from "../editor/editing";
import { Help } from "../editor/Field";
import { PermissionPicker } from "./PermissionPicker";

interface Props {
  pointer: string;
  granted: Record<string, string>;
  set: (granted: Record<string, string>) => void;
}

/** The permissions of a GitHub grant with their levels, and the picker that adds to them. */
export function Permissions({ pointer, granted, set }: Props) {
  const { vocabulary, readOnly } = useEditing();
  const [picking, setPicking] = useState(false);
  const problems = useProblems(pointer);
  const box = useRef<HTMLDivElement>(null);
  const known = new Map(vocabulary?.github_permissions.map((one) => [one.name, one]));
  const remove = (name: string) => {
    set(Object.fromEntries(Object.entries(granted).filter(([other]) => other !== name)));
    requestAnimationFrame(() => box.current?.focus());
  };
  return (
    <FormGroup label="Permissions" role="group" fieldId={fieldId(pointer)} isRequired>
      <div ref={box} id={fieldId(pointer)} tabIndex={-1} role="presentation" className="writ-list">
        {Object.entries(granted).map(([name, level]) => (
          <Permission
            key={name}
            pointer={`${pointer}/${name}`}
            name={name}
            level={level}
            levels={known.get(name)?.levels ?? [level]}
            description={known.get(name)?.description}
            set={(next) => set({ ...granted, [name]: next })}
            remove={() => remove(name)}
          />
        ))}
        {Object.keys(granted).length === 0 && <p className="writ-quiet">None: this grant allows nothing.</p>}
        <Help id={`${fieldId(pointer)}:help`} problems={problems.map((problem) => problem.message)} />
        {!readOnly && <AddButton isDisabled={!vocabulary} add={() => setPicking(true)}>Choose permissions</AddButton>}
      </div>
      {picking && vocabulary && (
        <PermissionPicker
          known={vocabulary.github_permissions}
          granted={granted}
          close={() => setPicking(false)}
          choose={(next) => { set(next); setPicking(false); }}
        />
      )}
    </FormGroup>
  );
}

interface PermissionProps {
  pointer: string;
  name: string;
  level: string;
  levels: string[];
  description: string | undefined;
  set: (level: string) => void;
  remove: () => void;
}

function Permission({ pointer, name, level, levels, description, set, remove }: PermissionProps) {
  const { readOnly } = useEditing();
  const problems = useProblems(pointer, true);
  const id = fieldId(pointer);
  return (
    <div>
      <div className="writ-line writ-permission">
        <div className="writ-grow">
          <code>{name}</code>
          {description && <div className="writ-quiet writ-small">{description}</div>}
        </div>
        <FormSelect
          id={id} aria-label={`Level of ${name}`} value={level} isDisabled={readOnly} validated={problems.length > 0 ? "error" : "default"}
          onChange={(_, next) => set(next)}
        >
          {[...new Set([...levels, level])].map((one) => <FormSelectOption key={one} value={one} label={one} />)}
        </FormSelect>
        {!readOnly && <Button variant="plain" onClick={remove} aria-label={`Remove ${name}`}><MinusCircleIcon aria-hidden="true" /></Button>}
      </div>
      {problems.length > 0 && <Help id={`${id}:help`} problems={problems.map((problem) => problem.message)} />}
    </div>
  );
}
