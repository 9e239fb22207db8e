{{- define "counterpoint.name" -}}
{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "counterpoint.labels" -}}
app.kubernetes.io/name: counterpoint
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "counterpoint.allLabels" -}}
{{ include "counterpoint.labels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* The file, with the times of leaving in its own [server] where it has one, unless it says them itself. At its end
otherwise: a key before the first table would become one of [server]. */}}
{{- define "counterpoint.configuration" -}}
{{- $given := .Values.configuration }}
{{- $times := "" }}
{{- range $name := list "grace" "leave" }}
{{- if not (regexMatch (printf "(?m)^[ \\t]*%s[ \\t]*=" $name) $given) }}
{{- $times = printf "%s%s = %v\n" $times $name (index $.Values $name) }}
{{- end }}
{{- end }}
{{- $server := "(?m)^([ \\t]*\\[[ \\t]*server[ \\t]*\\].*)$" }}
{{- if not $times }}
{{- $given }}
{{- else if regexMatch $server $given }}
{{- regexReplaceAll $server $given (printf "${1}\n%s" (trimSuffix "\n" $times)) }}
{{- else }}
{{- printf "%s\n[server]\n%s" (trimSuffix "\n" $given) $times }}
{{- end }}
{{- end }}

{{- define "counterpoint.secret" -}}
{{ .Values.secret.name | default (include "counterpoint.name" .) }}
{{- end }}

{{- define "counterpoint.account" -}}
{{ .Values.serviceAccount.name | default (ternary (include "counterpoint.name" .) "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "counterpoint.pod" -}}
metadata:
  labels:
    {{- include "counterpoint.allLabels" . | nindent 4 }}
  annotations:
    checksum/configuration: {{ include "counterpoint.configuration" .root | sha256sum }}
    {{- with .root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "counterpoint.account" .root }}
  automountServiceAccountToken: false
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    fsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  terminationGracePeriodSeconds: {{ add .root.Values.grace .root.Values.leave 15 }}
  containers:
    - name: {{ .part }}
      image: "{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}"
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      command: [counterpoint, {{ .part }}]
      args:
        - --config=/etc/counterpoint/counterpoint.toml
        - --data=/var/lib/counterpoint
        {{- range .args }}
        - {{ . }}
        {{- end }}
      env:
        - name: COUNTERPOINT_DATABASE_URL
          valueFrom:
            secretKeyRef: {name: {{ include "counterpoint.secret" .root }}, key: database-url}
        - name: COUNTERPOINT_MASTER_KEY
          valueFrom:
            secretKeyRef: {name: {{ include "counterpoint.secret" .root }}, key: master-key}
        - name: COUNTERPOINT_ADMIN_TOKEN
          valueFrom:
            secretKeyRef: {name: {{ include "counterpoint.secret" .root }}, key: admin-token, optional: true}
        - name: COUNTERPOINT_DEMO_KEY
          valueFrom:
            secretKeyRef: {name: {{ include "counterpoint.secret" .root }}, key: demo-key, optional: true}
        {{- if ne .part "gateway" }}
        - name: COUNTERPOINT_GATEWAY_URL
          value: http://{{ include "counterpoint.name" .root }}-gateway:{{ .root.Values.gateway.service.port }}
        {{- end }}
        {{- with .env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- with .root.Values.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with .root.Values.extraEnvFrom }}
      envFrom:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .port }}
      ports:
        - {name: http, containerPort: {{ . }}}
      startupProbe:
        httpGet: {path: /healthz, port: http}
        periodSeconds: 2
        failureThreshold: 90
      livenessProbe:
        httpGet: {path: /healthz, port: http}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 2
        timeoutSeconds: 2
        failureThreshold: 1
      {{- end }}
      resources:
        {{- toYaml .values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - {name: configuration, mountPath: /etc/counterpoint, readOnly: true}
        - {name: data, mountPath: /var/lib/counterpoint}
        - {name: tmp, mountPath: /tmp}
  volumes:
    - name: configuration
      configMap: {name: {{ include "counterpoint.name" .root }}}
    - name: tmp
      emptyDir: {medium: Memory, sizeLimit: 64Mi}
    {{- if not .claims }}
    - name: data
      emptyDir: {}
    {{- end }}
  {{- with .root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "counterpoint.labels" . | nindent 10 }}
{{- end }}

{{- define "counterpoint.service" -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "counterpoint.name" .root }}-{{ .part }}
  labels:
    {{- include "counterpoint.allLabels" . | nindent 4 }}
  {{- with .values.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ .values.service.type }}
  selector:
    {{- include "counterpoint.labels" . | nindent 4 }}
  ports:
    - {name: http, port: {{ .values.service.port }}, targetPort: http}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "counterpoint.name" .root }}-{{ .part }}
  labels:
    {{- include "counterpoint.allLabels" . | nindent 4 }}
spec:
  maxUnavailable: {{ .values.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "counterpoint.labels" . | nindent 6 }}
{{- end }}
