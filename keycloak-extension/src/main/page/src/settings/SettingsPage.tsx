import { useState } from "react";
import { useApi } from "../api/api";
import type { WritSettings } from "../api/settings";
import { Failure, Refused } from "../components/Refused";
import { useTell } from "../components/Toasts";
import { Loading } from "../components/Views";
import { useDoing, useLoad } from "../hooks";
import { ActionGroup, Button, Checkbox, Form, FormGroup, FormHelperText, HelperText, HelperTextItem, TextArea, TextInput } from "../pf";

/** Where this realm's broker is, and as which client it comes. */
export function SettingsPage() {
  const { settings } = useApi();
  const [load, reload] = useLoad("", (signal) => settings.read(signal));
  if (load.state === "failed") {
    return <Refused refusal={load.refusal} what="the settings" retry={reload} />;
  }
  return load.state === "there" ? <SettingsForm saved={load.value} /> : <Loading what="settings" />;
}

function SettingsForm({ saved }: { saved: WritSettings }) {
  const { settings, session, place } = useApi();
  const tell = useTell();
  const [url, setUrl] = useState(saved.broker?.url ?? "");
  const [ca, setCa] = useState(saved.broker?.ca ?? "");
  const [client, setClient] = useState(saved.broker_client ?? "writ-broker");
  const [inConsole, setInConsole] = useState(saved.console_theme ?? false);
  const { busy, refusal, run } = useDoing();
  const readOnly = session.mayWrite === false;
  const save = () =>
    run(async () => {
      const broker = url.trim() ? { broker: { url: url.trim(), ...(ca.trim() ? { ca } : {}) } } : {};
      await settings.save({ ...broker, broker_client: client.trim(), console_theme: inConsole });
      tell("The settings were saved");
    });
  const wrong = (pointer: string) => refusal?.problems.filter((problem) => problem.pointer === pointer).map((problem) => problem.message) ?? [];
  return (
    <Form isWidthLimited maxWidth="44rem" onSubmit={(event) => { event.preventDefault(); save(); }}>
      {refusal && <Failure refusal={refusal} title="The settings were not saved" />}
      <Setting id="broker-url" label="Broker URL" wrong={wrong("/broker/url")}
        help="Where Keycloak reaches the broker: to show its agents here, and to tell it at once when a policy was saved. Begins with https://; http:// works on this machine only.">
        <TextInput id="broker-url" aria-describedby="broker-url-help" type="url" value={url} onChange={(_, text) => setUrl(text)} placeholder="https://writ.example:8443" isDisabled={readOnly} />
      </Setting>
      <Setting id="broker-ca" label="Broker's CA" wrong={wrong("/broker/ca")}
        help="PEM certificates. Only if the broker's certificate is not from a CA that Keycloak trusts anyway: then the bundle.pem of the broker's data directory.">
        <TextArea id="broker-ca" aria-describedby="broker-ca-help" className="writ-mono" value={ca} onChange={(_, text) => setCa(text)} rows={5} resizeOrientation="vertical" placeholder="-----BEGIN CERTIFICATE-----" disabled={readOnly} spellCheck={false} />
      </Setting>
      <Setting id="broker-client" label="Broker's client" wrong={wrong("/broker_client")}
        help={`The client of the realm ${place.realm} whose service account may read policies and owners: the broker logs in as this one.`}>
        <TextInput id="broker-client" aria-describedby="broker-client-help" value={client} onChange={(_, text) => setClient(text)} isDisabled={readOnly} spellCheck={false} />
      </Setting>
      <Checkbox
        id="console-theme"
        label="Show agent policies in the admin console"
        description={`Chooses the admin theme “writ”, which adds this page to the console's navigation and changes nothing else, for admins who log in at the realm ${place.realm}. It takes effect when the console is loaded anew.`}
        isChecked={inConsole}
        isDisabled={readOnly}
        onChange={(_, on) => setInConsole(on)}
      />
      {!readOnly && <ActionGroup><Button type="submit" isLoading={busy} isDisabled={busy}>Save</Button></ActionGroup>}
    </Form>
  );
}

function Setting({ id, label, help, wrong, children }: { id: string; label: string; help: string; wrong: string[]; children: React.ReactNode }) {
  return (
    <FormGroup label={label} fieldId={id}>
      {children}
      <FormHelperText>
        <HelperText id={`${id}-help`}>
          <HelperTextItem>{help}</HelperTextItem>
          {wrong.map((message) => <HelperTextItem key={message} variant="error" hasIcon>{message}</HelperTextItem>)}
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
