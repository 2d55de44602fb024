{{- define "writ.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "writ.host" -}}
{{- (urlParse .Values.config.issuer).hostname -}}
{{- end -}}

{{- define "writ.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- define "writ.selector" -}}
app.kubernetes.io/name: writ
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: broker
{{- end -}}

{{- define "writ.labels" -}}
app.kubernetes.io/name: writ
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* writ.yaml: what the values say, and what only the chart can know. */}}
{{- define "writ.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $listen := dict "host" "0.0.0.0" "port" 8443 "management-host" "0.0.0.0" "management-port" 9000 -}}
{{- if .Values.secrets.tls -}}
{{- $_ := set $listen "tls" (dict "certificate" "/etc/writ/tls/tls.crt" "key" "file:/etc/writ/tls/tls.key") -}}
{{- end -}}
{{- $_ := set $config "listen" $listen -}}
{{- $_ := set $config "data" "/var/lib/writ" -}}
{{- $_ := set $config.database "password" "file:/etc/writ/database/password" -}}
{{- $keys := dict "root" "file:/etc/writ/keys/root.pem" "envelope" "file:/etc/writ/keys/envelope.key" "checkpoint" "file:/etc/writ/keys/checkpoint.pem" -}}
{{- $own := default dict $config.keys -}}
{{- if .Values.secrets.keys -}}
{{- $_ := set $config "keys" (merge $own $keys) -}}
{{- else if not (and $own.root $own.envelope) -}}
{{- fail "secrets.keys: name the Secret with root.pem and envelope.key, or say in config.keys where both are" -}}
{{- end -}}
{{- toYaml $config -}}
{{- end -}}

{{- define "writ.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
# What the nodes read of their Secrets they read as this group.
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "writ.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ ALL ]
{{- end -}}

{{/* The migration mounts the same, but for its own copy of writ.yaml. */}}
{{- define "writ.mounts" -}}
- { name: config, mountPath: /etc/writ/config, readOnly: true }
- { name: database, mountPath: /etc/writ/database, readOnly: true }
{{- if .Values.trust }}
- { name: trust, mountPath: /etc/writ/trust, readOnly: true }
{{- end }}
- { name: data, mountPath: /var/lib/writ }
- { name: tmp, mountPath: /tmp }
{{- end -}}

{{- define "writ.volumes" -}}
# 288 is 0440, which not every reader of YAML takes for octal.
- name: database
  secret: { secretName: {{ .Values.secrets.database }}, defaultMode: 288 }
{{- if .Values.trust }}
- name: trust
  configMap: { name: {{ .Values.trust }} }
{{- end }}
# Own state of the node: its trust bundle and how far it has read the ledger.
- name: data
  emptyDir: { sizeLimit: 64Mi }
# Native libraries are unpacked here.
- name: tmp
  emptyDir: { sizeLimit: 128Mi }
{{- end -}}
