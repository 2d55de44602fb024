import type { ReactNode } from "react";
import { FormGroup, FormHelperText, HelperText, HelperTextItem, TextInput } from "../../pf";
import { fieldId, useEditing, useProblems } from "./editing";

interface Described {
  id: string;
  "aria-describedby": string;
  validated: "default" | "error";
  isDisabled: boolean;
}

interface Props {
  pointer: string;
  label: string;
  help?: ReactNode;
  required?: boolean;
  /** Shows what is wrong anywhere below the pointer, too. */
  deep?: boolean;
  children: (described: Described) => ReactNode;
}

/** A field of the form: its label, its help, and what the server says is wrong with it. */
export function Field({ pointer, label, help, required = false, deep = false, children }: Props) {
  const { readOnly } = useEditing();
  const problems = useProblems(pointer, deep);
  const id = fieldId(pointer);
  return (
    <FormGroup label={label} fieldId={id} isRequired={required}>
      {children({ id, "aria-describedby": `${id}:help`, validated: problems.length > 0 ? "error" : "default", isDisabled: readOnly })}
      <Help id={`${id}:help`} help={help} problems={problems.map((problem) => problem.message)} />
    </FormGroup>
  );
}

export function Help({ id, help, problems }: { id: string; help?: ReactNode; problems: string[] }) {
  return (
    <FormHelperText>
      <HelperText id={id}>
        {help && <HelperTextItem>{help}</HelperTextItem>}
        {problems.map((problem) => (
          <HelperTextItem key={problem} variant="error" hasIcon>{problem}</HelperTextItem>
        ))}
      </HelperText>
    </FormHelperText>
  );
}

interface TextProps extends Omit<Props, "children" | "deep"> {
  value: string;
  onChange: (text: string) => void;
  placeholder?: string;
  className?: string;
}

/** One line of text. */
export function TextField({ value, onChange, placeholder, className, ...field }: TextProps) {
  return (
    <Field {...field}>
      {(described) => (
        <TextInput
          {...described}
          value={value}
          onChange={(_, text) => onChange(text)}
          placeholder={placeholder}
          className={className}
          isRequired={field.required}
          spellCheck={false}
          autoComplete="off"
        />
      )}
    </Field>
  );
}
