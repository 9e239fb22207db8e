/** What a host wants to be shown, and how the answers of a form become the one text that is kept. */

export interface Field {
  name: string;
  required: boolean;
  hidden: boolean;
  whole: boolean;
}

export interface Form {
  kind: string;
  fields: Field[];
}

export type Answers = Record<string, string>;

/** The secret that the answers amount to; empty while something is missing. */
export function composed(form: Form, answers: Answers): string {
  const said = form.fields.map((field) => [field, (answers[field.name] ?? '').trim()] as const);
  if (said.some(([field, text]) => field.required && text === '')) return '';
  const whole = said.find(([field]) => field.whole);
  if (whole) return whole[1];
  const fields = said.filter(([, text]) => text !== '').map(([field, text]) => [field.name, text]);
  const type = form.kind === 'machine' ? { type: 'machine' } : {};
  return JSON.stringify({ ...type, ...Object.fromEntries(fields) });
}

/** The form of that kind, else the first. A host that says nothing is shown one plain secret. */
export function formOf(forms: readonly Form[], kind: string): Form {
  const plain: Form = {
    kind: 'header',
    fields: [{ name: 'secret', required: true, hidden: true, whole: true }],
  };
  return forms.find((form) => form.kind === kind) ?? forms[0] ?? plain;
}
