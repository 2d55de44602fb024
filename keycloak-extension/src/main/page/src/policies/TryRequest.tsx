import { useEffect, useRef, useState } from "react";
import { useApi } from "../api/api";
import type { Preview } from "../api/policies";
import { Failure } from "../components/Refused";
import { useDoing } from "../hooks";
import { targetNames, targetOf, type Policy, type Source, type Target } from "../model";
import { ActionGroup, Alert, Button, Form, FormGroup, FormSelect, FormSelectOption, Switch, TextArea, TextInput, Title } from "../pf";
import { requestFields, suggested, type Fields } from "./requests";
import { TriedResult } from "./TriedResult";

/** What would an agent get that asks for this? Judged by the draft as it stands, saved or not. */
export function TryRequest({ source, policy }: { source: Source; policy: Policy }) {
  const { policies } = useApi();
  const [target, setTarget] = useState<Target>(() => (policy.grants[0] ? targetOf(policy.grants[0]) : "github"));
  const [fields, setFields] = useState<Fields>(() => suggested(target, policy));
  const [json, setJson] = useState<string>();
  const [answer, setAnswer] = useState<{ preview: Preview; of: string }>();
  const { busy, refusal, run } = useDoing();
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (answer) {
      shown.current?.scrollIntoView({ block: "nearest" });
    }
  }, [answer]);
  const { inputs, build } = requestFields[target];
  const request = json ?? JSON.stringify(build(fields), null, 2);
  const choose = (next: Target) => { setTarget(next); setFields(suggested(next, policy)); };
  const broken = json !== undefined && parse(json) === undefined;
  const ask = () =>
    run(async () => {
      const preview = await policies.preview(source, parse(request));
      setAnswer({ preview, of: JSON.stringify([source, request]) });
    });
  return (
    <div className="writ-stack">
      <p>Ask as an agent would. Nothing is issued: the policy as it stands here, saved or not, judges the request.</p>
      <Form onSubmit={(event) => { event.preventDefault(); ask(); }}>
        <Switch label="Write the request as JSON" isChecked={json !== undefined} onChange={(_, on) => setJson(on ? request : undefined)} />
        {json === undefined ? (
          <>
            <FormGroup label="What for" fieldId="try-target">
              <FormSelect id="try-target" value={target} onChange={(_, next) => choose(next as Target)}>
                {(Object.keys(targetNames) as Target[]).map((one) => <FormSelectOption key={one} value={one} label={targetNames[one]} />)}
              </FormSelect>
            </FormGroup>
            {inputs.map(({ name, label, placeholder }) => (
              <FormGroup key={name} label={label} fieldId={`try-${name}`}>
                <TextInput
                  id={`try-${name}`} value={fields[name] ?? ""} placeholder={placeholder} spellCheck={false}
                  onChange={(_, text) => setFields({ ...fields, [name]: text })}
                />
              </FormGroup>
            ))}
          </>
        ) : (
          <FormGroup label="Request" fieldId="try-json">
            <TextArea
              id="try-json" className="writ-mono" value={json} rows={8} spellCheck={false} validated={broken ? "error" : "default"}
              aria-describedby="try-json-help" onChange={(_, text) => setJson(text)}
            />
            <p id="try-json-help" className="writ-quiet writ-small">{broken ? "This is not JSON yet." : "One element of authorization_details (RFC 9396)."}</p>
          </FormGroup>
        )}
        <ActionGroup>
          <Button type="submit" isLoading={busy} isDisabled={busy || broken}>Try it</Button>
        </ActionGroup>
      </Form>
      <div role="status" ref={shown} className="writ-stack writ-above-footer">
        {refusal && <Failure refusal={refusal} title="It could not be tried" />}
        {answer && answer.of !== JSON.stringify([source, request]) && (
          <Alert isInline isPlain variant="info" component="p" title="The policy or the request was changed since; try again." />
        )}
        {answer && (
          <>
            <Title headingLevel="h2" size="md" className="pf-v5-screen-reader">Answer</Title>
            <TriedResult preview={answer.preview} />
          </>
        )}
      </div>
    </div>
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
